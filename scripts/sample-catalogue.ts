/** What the sample's account uses: its regions, services, people and machines. Weights say how often. */

export const SAMPLE_REGIONS = [
  { id: "cn-hangzhou", weight: 46 },
  { id: "cn-shanghai", weight: 24 },
  { id: "cn-beijing", weight: 11 },
  { id: "ap-southeast-1", weight: 10 },
  { id: "eu-central-1", weight: 6 },
  { id: "us-west-1", weight: 3 },
] as const;

export type SampleService = {
  readonly name: string;
  /** First part of eventSource. */
  readonly host: string;
  readonly apiVersion: string;
  readonly weight: number;
  /** Its events are recorded in one region, whoever calls from where. */
  readonly isGlobal?: boolean;
  readonly resourceType: string;
  readonly resourcePrefix: string;
  readonly resourceParameter: string;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
};

export const SAMPLE_SERVICES: readonly SampleService[] = [
  {
    name: "Ecs",
    host: "ecs",
    apiVersion: "2014-05-26",
    weight: 26,
    resourceType: "ACS::ECS::Instance",
    resourcePrefix: "i-bp",
    resourceParameter: "InstanceId",
    reads: ["DescribeInstances", "DescribeInstanceStatus", "DescribeDisks", "DescribeSecurityGroups", "DescribeImages"],
    writes: ["RunInstances", "StartInstance", "StopInstance", "RebootInstance", "AuthorizeSecurityGroup", "AttachDisk"],
  },
  {
    name: "Oss",
    host: "oss",
    apiVersion: "2019-05-17",
    weight: 17,
    resourceType: "ACS::OSS::Bucket",
    resourcePrefix: "data-",
    resourceParameter: "BucketName",
    reads: ["GetBucketInfo", "GetBucketAcl", "ListBuckets", "GetBucketPolicy", "GetBucketLifecycle"],
    writes: ["PutBucketAcl", "PutBucketPolicy", "PutBucketLifecycle", "PutBucket", "DeleteBucketPolicy"],
  },
  {
    name: "Rds",
    host: "rds",
    apiVersion: "2014-08-15",
    weight: 11,
    resourceType: "ACS::RDS::DBInstance",
    resourcePrefix: "rm-",
    resourceParameter: "DBInstanceId",
    reads: ["DescribeDBInstances", "DescribeDBInstanceAttribute", "DescribeBackups", "DescribeSlowLogRecords"],
    writes: ["ModifySecurityIps", "CreateBackup", "RestartDBInstance", "ModifyDBInstanceSpec", "CreateAccount"],
  },
  {
    name: "Ram",
    host: "ram",
    apiVersion: "2015-05-01",
    weight: 9,
    isGlobal: true,
    resourceType: "ACS::RAM::User",
    resourcePrefix: "user-",
    resourceParameter: "UserName",
    reads: ["GetUser", "ListUsers", "ListPoliciesForUser", "GetPolicy", "ListAccessKeys", "GetRole"],
    writes: ["CreateAccessKey", "UpdateAccessKey", "AttachPolicyToUser", "CreateUser", "DeleteAccessKey"],
  },
  {
    name: "Sts",
    host: "sts",
    apiVersion: "2015-04-01",
    weight: 8,
    resourceType: "ACS::RAM::Role",
    resourcePrefix: "role-",
    resourceParameter: "RoleArn",
    reads: ["GetCallerIdentity"],
    writes: ["AssumeRole", "AssumeRoleWithSAML"],
  },
  {
    name: "Vpc",
    host: "vpc",
    apiVersion: "2016-04-28",
    weight: 8,
    resourceType: "ACS::VPC::VPC",
    resourcePrefix: "vpc-bp",
    resourceParameter: "VpcId",
    reads: ["DescribeVpcs", "DescribeVSwitches", "DescribeRouteTableList", "DescribeEipAddresses"],
    writes: ["CreateVSwitch", "CreateRouteEntry", "AllocateEipAddress", "ModifyVpcAttribute"],
  },
  {
    name: "Slb",
    host: "slb",
    apiVersion: "2014-05-15",
    weight: 7,
    resourceType: "ACS::SLB::LoadBalancer",
    resourcePrefix: "lb-bp",
    resourceParameter: "LoadBalancerId",
    reads: ["DescribeLoadBalancers", "DescribeHealthStatus", "DescribeLoadBalancerAttribute"],
    writes: ["AddBackendServers", "RemoveBackendServers", "SetLoadBalancerHTTPSListenerAttribute"],
  },
  {
    name: "Kms",
    host: "kms",
    apiVersion: "2016-01-20",
    weight: 6,
    resourceType: "ACS::KMS::Key",
    resourcePrefix: "key-hzz",
    resourceParameter: "KeyId",
    reads: ["Decrypt", "GenerateDataKey", "DescribeKey", "ListKeys", "GetSecretValue"],
    writes: ["CreateKey", "ScheduleKeyDeletion", "PutSecretValue", "EnableKeyRotation"],
  },
  {
    name: "Cs",
    host: "cs",
    apiVersion: "2015-12-15",
    weight: 4,
    resourceType: "ACS::CS::Cluster",
    resourcePrefix: "c",
    resourceParameter: "ClusterId",
    reads: ["DescribeClustersV1", "DescribeClusterNodePools", "DescribeClusterUserKubeconfig"],
    writes: ["ScaleClusterNodePool", "UpgradeCluster", "CreateClusterNodePool"],
  },
  {
    name: "Alb",
    host: "alb",
    apiVersion: "2020-06-16",
    weight: 1,
    resourceType: "ACS::ALB::LoadBalancer",
    resourcePrefix: "alb-",
    resourceParameter: "LoadBalancerId",
    reads: ["ListLoadBalancers", "ListServerGroups"],
    writes: ["UpdateListenerAttribute"],
  },
  {
    name: "Actiontrail",
    host: "actiontrail",
    apiVersion: "2020-07-06",
    weight: 2,
    resourceType: "ACS::ActionTrail::Trail",
    resourcePrefix: "trail-",
    resourceParameter: "Name",
    reads: ["LookupEvents", "DescribeTrails", "GetTrailStatus"],
    writes: ["UpdateTrail", "StartLogging"],
  },
  {
    name: "Cms",
    host: "metrics",
    apiVersion: "2019-01-01",
    weight: 1,
    resourceType: "ACS::CMS::Alarm",
    resourcePrefix: "alarm-",
    resourceParameter: "RuleId",
    reads: ["DescribeMetricList", "DescribeMetricRuleList"],
    writes: ["PutResourceMetricRule"],
  },
];

export type SampleIdentity = {
  readonly type: "root-account" | "ram-user" | "assumed-role" | "system";
  readonly name: string;
  readonly weight: number;
  /** People work by day and rest at week-ends; machines do neither. */
  readonly isPerson: boolean;
  readonly address: string;
  readonly userAgent: string;
  /** The share of its calls that change something. */
  readonly writeShare: number;
};

const CONSOLE =
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";
const TERRAFORM =
  "AlibabaCloud (linux; amd64) Golang/1.21.5 Core/0.0.1 TeaDSL/1 HashiCorp-Terraform/1.7.4 Provider/1.220.0";
const PYTHON = "AlibabaCloud (Linux; x86_64) Python/3.11.6 Core/2.15.1 python-requests/2.31.0";
const CLI = "aliyun-cli/3.0.211 (linux; amd64) Golang/1.21.5 Core/1.62.380";
const OPERATOR = "AlibabaCloud (linux; amd64) Golang/1.20.7 Core/0.0.1 alibaba-cloud-controller-manager/v2.8.1";

export const SAMPLE_IDENTITIES: readonly SampleIdentity[] = [
  {
    type: "assumed-role",
    name: "monitoring",
    weight: 30,
    isPerson: false,
    address: "100.104.71.9",
    userAgent: PYTHON,
    writeShare: 0,
  },
  {
    type: "assumed-role",
    name: "cluster-controller",
    weight: 22,
    isPerson: false,
    address: "100.68.12.44",
    userAgent: OPERATOR,
    writeShare: 0.06,
  },
  {
    type: "ram-user",
    name: "deploy-bot",
    weight: 9,
    isPerson: false,
    address: "47.96.33.18",
    userAgent: TERRAFORM,
    writeShare: 0.3,
  },
  {
    type: "ram-user",
    name: "backup-agent",
    weight: 6,
    isPerson: false,
    address: "47.96.33.21",
    userAgent: CLI,
    writeShare: 0.25,
  },
  {
    type: "system",
    name: "AliyunServiceRoleForAutoScaling",
    weight: 3,
    isPerson: false,
    address: "Internal",
    userAgent: "ess.aliyuncs.com",
    writeShare: 0.5,
  },
  {
    type: "ram-user",
    name: "li.wei",
    weight: 8,
    isPerson: true,
    address: "203.0.113.24",
    userAgent: CONSOLE,
    writeShare: 0.15,
  },
  {
    type: "ram-user",
    name: "zhang.min",
    weight: 6,
    isPerson: true,
    address: "203.0.113.25",
    userAgent: CONSOLE,
    writeShare: 0.12,
  },
  {
    type: "ram-user",
    name: "anna.keller",
    weight: 5,
    isPerson: true,
    address: "198.51.100.77",
    userAgent: CLI,
    writeShare: 0.2,
  },
  {
    type: "ram-user",
    name: "王芳",
    weight: 3,
    isPerson: true,
    address: "203.0.113.91",
    userAgent: CONSOLE,
    writeShare: 0.08,
  },
  {
    type: "assumed-role",
    name: "security-auditor",
    weight: 5,
    isPerson: true,
    address: "198.51.100.12",
    userAgent: CONSOLE,
    writeShare: 0,
  },
  {
    type: "assumed-role",
    name: "on-call",
    weight: 2,
    isPerson: false,
    address: "192.0.2.140",
    userAgent: CLI,
    writeShare: 0.35,
  },
  {
    type: "root-account",
    name: "root",
    weight: 0.3,
    isPerson: true,
    address: "203.0.113.2",
    userAgent: CONSOLE,
    writeShare: 0.3,
  },
];

export const SAMPLE_ERRORS = [
  { code: "NoPermission", message: "You are not authorized to perform this operation.", weight: 5 },
  {
    code: "Forbidden.RAM",
    message: "User not authorized to operate on the specified resource, or this API doesn't support RAM.",
    weight: 4,
  },
  { code: "Throttling.User", message: "Request was denied due to user flow control.", weight: 4 },
  { code: "InvalidInstanceId.NotFound", message: "The specified InstanceId does not exist.", weight: 2 },
  {
    code: "IncorrectInstanceStatus",
    message: "The current status of the resource does not support this operation.",
    weight: 2,
  },
  { code: "InvalidAccessKeyId.NotFound", message: "Specified access key is not found.", weight: 1 },
] as const;
