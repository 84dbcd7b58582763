import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectedAuthorization } from "@/testing/sls-signature.ts";
import { checkBodyV4, readSignatureV4, signV4, verifyV4 } from "./signature-v4.ts";
import { checkSkew, contentMd5, type SignedRequest } from "./signed-request.ts";

const key = { region: "cn-hangzhou", accessKeyId: "LTAI5tExample", accessKeySecret: "a secret of thirty characters." };
const signedAt = new Date("2026-11-22T10:00:00.000Z");
const body = Buffer.from("a body");
const unsigned: SignedRequest = {
  method: "POST",
  path: "/logstores/audit/shards/lb",
  query: [],
  headers: {
    host: "project.localhost:3001",
    "content-type": "application/x-protobuf",
    "x-log-apiversion": "0.6.0",
    "x-log-bodyrawsize": "6",
    "x-acs-extra": " spaced ",
  },
};

function sign(request = unsigned, by = key, at = signedAt): SignedRequest {
  return { ...request, headers: { ...request.headers, ...signV4(request, body, by, at) } };
}

function withHeader(name: string, value: string | undefined): SignedRequest {
  const signed = sign();
  return { ...signed, headers: { ...signed.headers, [name]: value } };
}

function verify(request: SignedRequest, secret: string | null = key.accessKeySecret, now = signedAt): void {
  const presented = readSignatureV4(request.headers);
  verifyV4(request, presented, secret);
  checkSkew(presented.signedAt, now);
}

describe("verifyV4", () => {
  it.each<[string, SignedRequest]>([
    ["another method", { ...sign(), method: "PUT" }],
    ["another path", { ...sign(), path: "/logstores/other/shards/lb" }],
    ["a query that was not signed", { ...sign(), query: [["key", "1"]] }],
    ["another host", withHeader("host", "other.localhost:3001")],
    ["another content type", withHeader("content-type", "text/plain")],
    ["another x-log header", withHeader("x-log-bodyrawsize", "7")],
    ["another x-acs header", withHeader("x-acs-extra", "x")],
    ["one more x-log header", withHeader("x-log-more", "1")],
    ["one x-log header less", withHeader("x-log-apiversion", undefined)],
    ["another body digest", withHeader("x-log-content-sha256", "0".repeat(64))],
    ["another time", withHeader("x-log-date", "20261122T100001Z")],
    [
      "another day in its scope",
      withHeader("authorization", sign().headers.authorization?.replace("20261122", "20261121")),
    ],
    [
      "another region in its scope",
      withHeader("authorization", sign().headers.authorization?.replace("cn-hangzhou", "cn-beijing")),
    ],
    [
      "another signature",
      withHeader(
        "authorization",
        sign().headers.authorization?.replace(/.$/, (digit) => (digit === "0" ? "1" : "0")),
      ),
    ],
    ["another secret", sign(unsigned, { ...key, accessKeySecret: "another secret" })],
  ])("refuses %s", (_, request) => {
    expect(() => verify(request)).toThrow(expect.objectContaining({ code: "SignatureNotMatch" }));
  });

  it("refuses a key that does not exist as it refuses a wrong secret, even one signed with nothing", () => {
    for (const accessKeySecret of [key.accessKeySecret, "", "0".repeat(30)]) {
      expect(() => verify(sign(unsigned, { ...key, accessKeySecret }), null)).toThrow(
        expect.objectContaining({ code: "SignatureNotMatch" }),
      );
    }
  });

  it.each([-900_001, 900_001])("refuses a request that is %i ms from our time", (skewMs) => {
    expect(() => verify(sign(), key.accessKeySecret, new Date(signedAt.getTime() + skewMs))).toThrow(
      expect.objectContaining({ code: "RequestTimeExpired" }),
    );
  });

  it.each([-900_000, 0, 900_000])("takes a request that is %i ms from our time", (skewMs) => {
    expect(() => verify(sign(), key.accessKeySecret, new Date(signedAt.getTime() + skewMs))).not.toThrow();
  });

  it("leaves headers that are not signed alone", () => {
    expect(() => verify(withHeader("user-agent", "anything"))).not.toThrow();
  });
});

describe("readSignatureV4", () => {
  const authorization = sign().headers.authorization ?? "";

  it.each([
    undefined,
    "",
    "LOG LTAI5tExample:abc=",
    authorization.slice(0, -1),
    `${authorization}0`,
    authorization.replace("SLS4", "ACS3"),
    authorization.replace("/sls/", "/oss/"),
    authorization.replace("LTAI5tExample", ""),
  ])("refuses the authorization %j", (text) => {
    expect(() => readSignatureV4({ ...sign().headers, authorization: text })).toThrow(
      expect.objectContaining({ code: "Unauthorized" }),
    );
  });

  it.each([undefined, "", "2026-11-22T10:00:00Z", "20261122T100000", "20260230T000000Z", "20261122T250000Z"])(
    "refuses the time %j",
    (time) => {
      expect(() => readSignatureV4({ ...sign().headers, "x-log-date": time })).toThrow(
        expect.objectContaining({ code: "Unauthorized" }),
      );
    },
  );
});

describe("checkBodyV4", () => {
  const signed = sign().headers;

  it("refuses a body that is not the signed one", () => {
    expect(() => checkBodyV4(signed, Buffer.from("another body"))).toThrow(
      expect.objectContaining({ code: "SignatureNotMatch" }),
    );
    expect(() => checkBodyV4({ ...signed, "x-log-content-sha256": undefined }, body)).toThrow(
      expect.objectContaining({ code: "SignatureNotMatch" }),
    );
  });

  it("refuses a Content-MD5 that is not the body's", () => {
    expect(() => checkBodyV4({ ...signed, "content-md5": contentMd5(Buffer.from("x")) }, body)).toThrow(
      expect.objectContaining({ code: "PostBodyInvalid" }),
    );
  });

  it("takes the right Content-MD5 in either case, and none", () => {
    const md5 = createHash("md5").update(body).digest("hex");
    expect(() => checkBodyV4({ ...signed, "content-md5": md5 }, body)).not.toThrow();
    expect(() => checkBodyV4({ ...signed, "content-md5": md5.toUpperCase() }, body)).not.toThrow();
    expect(() => checkBodyV4(signed, body)).not.toThrow();
  });
});

describe("signV4", () => {
  // Known answers of the vendor's own clients (aliyun-log-python-sdk and aliyun-log-java-sdk, their tests of version 4).
  const vendorKey = { region: "cn-hangzhou", accessKeyId: "acsddda21dsd", accessKeySecret: "zxasdasdasw2" };
  const vendorBody = "adasd= -asd zcas";
  const vendorHeaders = { hello: "world", "x-log-test": "het123", "x-acs-ppp": "dds" };
  const vendorQuery: [string, string][] = [
    [" abc", "efg"],
    [" agc ", ""],
    ["", "efg"],
    ["A-bc", "eFg"],
  ];

  it.each([
    [
      "POST",
      "/logstores",
      vendorQuery,
      vendorHeaders,
      vendorBody,
      "cn-hangzhou",
      "a98f5632e93836e63839cd836a54055f480020a9364ca944e2d34f2eb9bf1bed",
    ],
    [
      "POST",
      "/logstores",
      [],
      {},
      vendorBody,
      "cn-shanghai",
      "8a10a5e723cb2e75964816de660b2c16a58af8bc0261f7f0722d832468c76ce8",
    ],
    [
      "POST",
      "/logstores",
      vendorQuery,
      vendorHeaders,
      "",
      "cn-hangzhou",
      "5a66d8f8051983e0e9d08e0f960ef9252ef971eead5bb5c7acec8617a2eb2701",
    ],
    [
      "GET",
      "/logstores",
      vendorQuery,
      vendorHeaders,
      "",
      "cn-hangzhou",
      "d92741852500791d662a8d469ff61627c0559ecd86c3f59b7bf6772b6c62666a",
    ],
    [
      "POST",
      "/logstores/hello/a+*~bb/cc",
      [...vendorQuery, ["abs-ij*asd/vc", "a~js+d ada"], ["a abAas123/vc", "a~jdad a2ADFs+d ada"]] as [string, string][],
      vendorHeaders,
      vendorBody,
      "cn-hangzhou",
      "2c204068e961a8813a6bcf7ac422f7fa6e9bf9a5da493e0165dfe100854d18ff",
    ],
  ])("signs %s %s as the vendor's clients do", (method, path, query, headers, text, region, signature) => {
    const added = signV4(
      { method, path, query, headers },
      Buffer.from(text),
      { ...vendorKey, region },
      new Date("2022-08-08T03:23:30Z"),
    );
    expect(added.authorization).toBe(
      `SLS4-HMAC-SHA256 Credential=acsddda21dsd/20220808/${region}/sls/aliyun_v4_request,Signature=${signature}`,
    );
  });

  it("signs what another implementation computes, and verifies it", () => {
    const headerName = fc.stringMatching(/^(x-log-|x-acs-)[a-z0-9-]{1,12}$/);
    const headerValue = fc.stringMatching(/^[ -~]{0,30}$/);
    fc.assert(
      fc.property(
        fc.dictionary(headerName, headerValue),
        fc.stringMatching(/^\/[a-z0-9/_-]{0,40}$/),
        fc.uint8Array(),
        fc.date({ min: new Date("2000-01-01"), max: new Date("2100-01-01"), noInvalidDate: true }),
        (extra, path, bytes, at) => {
          const request = { ...unsigned, path, headers: { ...unsigned.headers, ...extra } };
          const headers = { ...request.headers, ...signV4(request, bytes, key, at) };
          expect(headers.authorization).toBe(expectedAuthorization({ method: "POST", path, headers }, bytes, key));
          expect(() => verify({ ...request, headers }, key.accessKeySecret, at)).not.toThrow();
          expect(() => checkBodyV4(headers, bytes)).not.toThrow();
        },
      ),
    );
  });
});
