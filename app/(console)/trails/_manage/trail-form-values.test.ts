import { expect, test } from "vitest";
import { createTrailInputSchema, trailFormSchema, updateTrailInputSchema } from "@/domain/trail/schema.ts";
import { createInputOf, newTrailValues, trailRegionOf, updateInputOf } from "./trail-form-values.ts";

const ARN = "acs:log:cn-hangzhou:1234567890123456:project/backtrail-audit";
const VALUES = { ...newTrailValues("cn-hangzhou", [ARN]), name: "audit-all" };

function faultsOf(changes: object): string[] {
  const { error } = trailFormSchema.safeParse({ ...VALUES, ...changes });
  return (error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

test("the only log project is proposed, and none of several", () => {
  expect(newTrailValues("cn-hangzhou", [ARN]).slsProjectArn).toBe(ARN);
  expect(newTrailValues("cn-hangzhou", [ARN, `${ARN}-2`]).slsProjectArn).toBe("");
});

test("what the form asks for has the shape that the commands take", () => {
  expect(faultsOf({})).toEqual([]);
  expect(createTrailInputSchema.parse(createInputOf(VALUES))).toMatchObject({ trailRegion: "All", slsProjectArn: ARN });
  expect(updateTrailInputSchema.parse(updateInputOf(VALUES))).toMatchObject({ name: "audit-all", ossBucketName: null });
});

test("a prefix without a bucket is not sent", () => {
  expect(updateInputOf({ ...VALUES, ossKeyPrefix: "audit/2026" }).ossKeyPrefix).toBeNull();
});

test("the regions that are chosen count only where not all are", () => {
  expect(trailRegionOf({ regionChoice: "all", regions: ["cn-hangzhou"] })).toBe("All");
  expect(trailRegionOf({ regionChoice: "some", regions: ["cn-hangzhou", "us-east-1"] })).toBe("cn-hangzhou,us-east-1");
});

test.each([
  ["name: name", { name: "trail" }],
  ["name: logstore-name", { name: "audit-all-" }],
  ["regions: no-region", { regionChoice: "some" }],
  ["slsProjectArn: no-destination", { slsProjectArn: "" }],
  ["ossBucketName: bucket", { ossBucketName: "Archive" }],
  ["ossKeyPrefix: prefix", { ossBucketName: "archive", ossKeyPrefix: "/x" }],
])("the form finds %s before anything is sent", (fault, changes) => {
  expect(faultsOf(changes)).toEqual([fault]);
});

test("a trail that keeps its MaxCompute project needs no other destination", () => {
  expect(faultsOf({ slsProjectArn: "", hasMaxCompute: true })).toEqual([]);
});
