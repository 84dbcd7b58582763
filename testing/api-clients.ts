import OpenApi, { Config, OpenApiRequest, Params } from "@alicloud/openapi-client";
import PopCore from "@alicloud/pop-core";
import { RuntimeOptions } from "@alicloud/tea-util";
import type { PolicyDocument } from "@/domain/access/policy.ts";
import { SYSTEM_POLICIES } from "@/domain/access/system-policy.ts";
import { createAccessKey, type NewAccessKey } from "@/server/access/access-keys.ts";
import type { HistoryAccount } from "./history-account.ts";

/** What a call answered, or how it was refused. */
type CallOutcome = { readonly status: number; readonly body: Record<string, unknown> };

/**
 * The vendor's own clients: the new ones' runtime, which signs in V3 and, as Terraform's provider has it, in the legacy way with the
 * parameters in a form and the signature in the query; and the old one (legacy). By GET and POST, with parameters wherever they may be.
 */
export const CLIENTS = [
  "openapi-client POST",
  "openapi-client GET",
  "openapi-client form",
  "openapi-client query and form",
  "openapi-client legacy",
  "pop-core GET",
  "pop-core POST",
] as const;
/** One of them, or one that signs in a way that Backtrail does not know. */
export type ClientKind = (typeof CLIENTS)[number] | "openapi-client SM3";

/** The clients' own 3 seconds are soon over on a machine that runs other tests. */
const ANSWER_TIMEOUT_MS = 60_000;

type Parameters = Readonly<Record<string, string | number | boolean>>;

export type Caller = (action: string, parameters?: Parameters) => Promise<CallOutcome>;

/** A key of the account with this policy. */
export function addAccessKey(
  account: HistoryAccount,
  policy: PolicyDocument = SYSTEM_POLICIES.AliyunActionTrailFullAccess,
): Promise<NewAccessKey> {
  return createAccessKey(account.scope("backtrail:CreateAccessKey"), { policy });
}

/** @param address host and port of an api process */
export function callerOf(kind: ClientKind, address: string, key: NewAccessKey): Caller {
  switch (kind) {
    case "openapi-client POST":
      return openApiCaller(address, key, { place: "query" });
    case "openapi-client GET":
      return openApiCaller(address, key, { place: "query", method: "GET" });
    case "openapi-client form":
      return openApiCaller(address, key, { place: "body" });
    case "openapi-client query and form":
      return openApiCaller(address, key, { place: "both" });
    case "openapi-client legacy":
      return openApiCaller(address, key, { place: "body", signatureAlgorithm: "v2" });
    case "openapi-client SM3":
      return openApiCaller(address, key, { place: "query", signatureAlgorithm: "ACS3-HMAC-SM3" });
    case "pop-core GET":
      return popCoreCaller(address, key, "GET");
    case "pop-core POST":
      return popCoreCaller(address, key, "POST");
  }
}

type OpenApiManner = {
  readonly place: "query" | "body" | "both";
  readonly method?: "GET" | "POST";
  /** The client's own name for the legacy signature is v2; V3 with SHA-256 without. */
  readonly signatureAlgorithm?: "v2" | "ACS3-HMAC-SM3";
};

function openApiCaller(
  address: string,
  { id, secret }: NewAccessKey,
  { place, method = "POST", signatureAlgorithm }: OpenApiManner,
): Caller {
  const client = new OpenApi(
    new Config({
      accessKeyId: id,
      accessKeySecret: secret,
      endpoint: address,
      protocol: "http",
      regionId: "cn-hangzhou",
      ...(signatureAlgorithm === undefined ? {} : { signatureAlgorithm }),
    }),
  );
  return async (action, parameters = {}) => {
    const params = new Params({
      action,
      version: "2020-07-06",
      protocol: "HTTP",
      method,
      authType: "AK",
      style: "RPC",
      pathname: "/",
      reqBodyType: "formData",
      bodyType: "json",
    });
    const texts = Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value)]);
    // Every second one in the other place.
    const inQuery = texts.filter((_, index) => place === "query" || (place === "both" && index % 2 === 0));
    const inForm = texts.filter((text) => !inQuery.includes(text));
    try {
      const { statusCode, body } = await client.callApi(
        params,
        new OpenApiRequest({
          ...(place === "body" ? {} : { query: Object.fromEntries(inQuery) }),
          ...(place === "query" ? {} : { body: Object.fromEntries(inForm) }),
        }),
        new RuntimeOptions({ autoretry: false, readTimeout: ANSWER_TIMEOUT_MS, connectTimeout: ANSWER_TIMEOUT_MS }),
      );
      return { status: Number(statusCode), body };
    } catch (error) {
      return outcomeOf(error);
    }
  };
}

function popCoreCaller(address: string, { id, secret }: NewAccessKey, method: "GET" | "POST"): Caller {
  const client = new PopCore({
    accessKeyId: id,
    accessKeySecret: secret,
    endpoint: `http://${address}`,
    apiVersion: "2020-07-06",
  });
  return async (action, parameters = {}) => {
    try {
      return {
        status: 200,
        body: await client.request(action, parameters, {
          method,
          readTimeout: ANSWER_TIMEOUT_MS,
          connectTimeout: ANSWER_TIMEOUT_MS,
        }),
      };
    } catch (error) {
      return outcomeOf(error);
    }
  };
}

/** What either client makes of a refusal: an error that carries the answer. */
function outcomeOf(error: unknown): CallOutcome {
  const { data, entry } = error as { data?: Record<string, unknown>; entry?: { response: { statusCode: number } } };
  if (data === undefined || data.Code === undefined) {
    throw error;
  }
  return { status: entry?.response.statusCode ?? Number(data.statusCode), body: data };
}
