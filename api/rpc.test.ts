import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addAccessKey, CLIENTS, callerOf } from "@/testing/api-clients.ts";
import { addTrail, createBuiltInAccount } from "@/testing/history-account.ts";
import { findFreePort, type ProductProcess, startProduct } from "@/testing/product-process.ts";

const TRAIL = "audit-trail";

let api: ProductProcess;
let address: string;

beforeAll(async () => {
  const port = await findFreePort();
  address = `127.0.0.1:${port}`;
  api = await startProduct("api/main.ts", { API_PORT: String(port), FLOW_CONTROL: "off" });
});

afterAll(() => api.stop());

async function newClient(kind: (typeof CLIENTS)[number] = "openapi-client POST") {
  const account = await createBuiltInAccount();
  const key = await addAccessKey(account);
  return { account, key, call: callerOf(kind, address, key) };
}

const REQUEST_ID = expect.stringMatching(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
const TIME = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);

describe.each(CLIENTS)("%s", (kind) => {
  it("creates a job, polls it and finds it in the list", async () => {
    const { account, call } = await newClient(kind);
    await addTrail(account, { name: TRAIL, logstore: true, trailRegion: "cn-hangzhou" });
    const created = await call("CreateDeliveryHistoryJob", { TrailName: TRAIL, ClientToken: "one token !*'()~" });
    expect(created).toEqual({ status: 200, body: { RequestId: REQUEST_ID, JobId: expect.any(Number) } });
    const { JobId } = created.body as { JobId: number };
    const repeated = await call("CreateDeliveryHistoryJob", { TrailName: TRAIL, ClientToken: "one token !*'()~" });
    expect(repeated.body).toMatchObject({ JobId });
    expect(repeated.body.RequestId).not.toBe(created.body.RequestId);
    const got = await call("GetDeliveryHistoryJob", { JobId });
    expect(got.body).toMatchObject({
      RequestId: REQUEST_ID,
      JobId,
      TrailName: TRAIL,
      HomeRegion: "cn-hangzhou",
      JobStatus: 2,
      Status: [{ Region: "cn-hangzhou", Status: 2 }],
      CreatedTime: TIME,
      UpdatedTime: TIME,
      StartTime: TIME,
      EndTime: TIME,
      Phase: "complete",
      Expected: 0,
    });
    const described = await call("DescribeTrails");
    expect(described.body).toMatchObject({ TrailList: [{ Name: TRAIL, Status: "Fresh" }] });
  });

  it("refuses in the vendor's envelope", async () => {
    const { call } = await newClient(kind);
    expect(await call("CreateDeliveryHistoryJob", { TrailName: "no-such-trail" })).toEqual({
      status: 404,
      body: expect.objectContaining({
        RequestId: REQUEST_ID,
        HostId: address,
        Code: "TrailNotFoundException",
        Message: "The specified Trail does not exist.",
        Recommend: expect.stringContaining("https://api.aliyun.com/troubleshoot?q=TrailNotFoundException"),
      }),
    });
  });
});
