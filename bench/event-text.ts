import { randomUUID } from "node:crypto";

/** The text of an event of its own, as ECS records them: 1.3 KB. */
export function ecsEventText(eventTime: Date, accountId: string): string {
  const eventId = randomUUID().toUpperCase();
  const parameters = {
    RegionId: "cn-hangzhou",
    InstanceIds: '["i-bp1f3b7a2cq9d0e4k5ln"]',
    PageSize: 50,
    AcceptLanguage: "en-US",
  };
  return JSON.stringify({
    eventId,
    eventVersion: 1,
    eventCategory: "Management",
    eventName: "DescribeInstances",
    eventType: "ApiCall",
    eventRW: "Read",
    eventSource: "ecs.cn-hangzhou.aliyuncs.com",
    eventTime: `${eventTime.toISOString().slice(0, 19)}Z`,
    serviceName: "Ecs",
    acsRegion: "cn-hangzhou",
    isGlobal: false,
    apiVersion: "2014-05-26",
    requestId: eventId,
    sourceIpAddress: "192.0.2.17",
    userAgent: "AlibabaCloud (linux; amd64) Golang/1.21 Core/1.62",
    recipientAccountId: accountId,
    userIdentity: {
      type: "ram-user",
      principalId: "28815334868278",
      accountId,
      userName: "deploy",
      accessKeyId: "LTAI5tExample",
      sessionContext: { attributes: { mfaAuthenticated: "false", creationDate: "2026-01-05T08:24:43Z" } },
    },
    requestParameters: parameters,
    requestParameterJson: JSON.stringify(parameters),
    responseElements: { TotalCount: 1, PageNumber: 1, RequestId: eventId },
    referencedResources: { "ACS::ECS::Instance": ["i-bp1f3b7a2cq9d0e4k5ln"] },
    resourceType: "ACS::ECS::Instance",
    resourceName: "i-bp1f3b7a2cq9d0e4k5ln",
    additionalEventData: { CallerBid: "26842" },
  });
}
