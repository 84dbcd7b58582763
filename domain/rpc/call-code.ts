import type { RpcAction } from "./calls.ts";
import type { WireParameters } from "./parameters.ts";
import { RPC_VERSION } from "./version.ts";

/** The forms in which a call can be written down: as it is on the wire, for the vendor's SDKs, and for its command-line tool. */
export const CALL_CODE_KINDS = ["request", "typescript", "python", "cli"] as const;
type CallCodeKind = (typeof CALL_CODE_KINDS)[number];

/** A call to be written down. */
export type WrittenCall = {
  readonly action: RpcAction;
  /** As the form has them; empty ones are left out. */
  readonly parameters: WireParameters;
  /** Events, one a line; null for a call whose body is none. */
  readonly events: string | null;
  /** Host and port of the API. */
  readonly endpoint: string;
  /** That the client is set up with. */
  readonly region: string;
};

/** A page of a long search takes up to 5 s, and more events in one call longer; by themselves some of the SDKs give up after 3 s. */
const READ_TIMEOUT_MS = 60_000;

/**
 * The call as text to be sent or run; null where the tool cannot make it: the vendor's command-line tool sends no body but a form.
 * Keys are read from the environment variables that the vendor's tools use, and never part of the text.
 */
export function callCode(kind: CallCodeKind, call: WrittenCall): string | null {
  switch (kind) {
    case "request":
      return requestText(call);
    case "typescript":
      return typescriptCode(call);
    case "python":
      return pythonCode(call);
    case "cli":
      return call.events === null ? cliCommand(call) : null;
  }
}

function given({ parameters }: WrittenCall): [string, string][] {
  return Object.entries(parameters).filter(([, value]) => value !== "");
}

/** What of the request is the call; a client adds time, nonce, digest and signature. */
function requestText(call: WrittenCall): string {
  const query = given(call)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join("&");
  const lines = [
    `POST /${query === "" ? "" : `?${query}`} HTTP/1.1`,
    `host: ${call.endpoint}`,
    `x-acs-action: ${call.action}`,
    `x-acs-version: ${RPC_VERSION}`,
    ...(call.events === null ? [] : ["content-type: application/x-ndjson", "", call.events]),
  ];
  return lines.join("\n");
}

function typescriptCode(call: WrittenCall): string {
  return `import OpenApi, { Config, OpenApiRequest, Params } from "@alicloud/openapi-client";
import { RuntimeOptions } from "@alicloud/tea-util";

const client = new OpenApi.default(
  new Config({
    accessKeyId: process.env.ALIBABA_CLOUD_ACCESS_KEY_ID,
    accessKeySecret: process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET,
    endpoint: ${quoted(call.endpoint)},
    protocol: "http",
    regionId: ${quoted(call.region)},
  }),
);
const params = new Params({
  action: ${quoted(call.action)},
  version: ${quoted(RPC_VERSION)},
  protocol: "HTTP",
  method: "POST",
  authType: "AK",
  style: "RPC",
  pathname: "/",
  reqBodyType: ${call.events === null ? '"formData"' : '"byte"'},
  bodyType: "json",
});
const request = new OpenApiRequest({${queryLines(call, "  query: {", "  },")}${
    call.events === null ? "" : `\n  body: Buffer.from(${quoted(call.events)}),`
  }
});
const { body } = await client.callApi(params, request, new RuntimeOptions({ readTimeout: ${READ_TIMEOUT_MS} }));
console.log(JSON.stringify(body, null, 2));
`;
}

function pythonCode(call: WrittenCall): string {
  return `import json
import os

from alibabacloud_tea_openapi import models
from alibabacloud_tea_openapi.client import Client
from alibabacloud_tea_util.models import RuntimeOptions

client = Client(
    models.Config(
        access_key_id=os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
        access_key_secret=os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
        endpoint=${quoted(call.endpoint)},
        protocol="http",
        region_id=${quoted(call.region)},
    )
)
params = models.Params(
    action=${quoted(call.action)},
    version=${quoted(RPC_VERSION)},
    protocol="HTTP",
    method="POST",
    auth_type="AK",
    style="RPC",
    pathname="/",
    req_body_type=${call.events === null ? '"formData"' : '"byte"'},
    body_type="json",
)
request = models.OpenApiRequest(${queryLines(call, "    query={", "    },")}${
    call.events === null ? "" : `\n    body=${quoted(call.events)}.encode(),`
  }
)
answer = client.call_api(params, request, RuntimeOptions(read_timeout=${READ_TIMEOUT_MS}))
print(json.dumps(answer["body"], indent=2, ensure_ascii=False))
`;
}

/** A text in double quotes, as TypeScript and Python both read it. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

/** The parameters, each on a line of its own between two others; nothing when there are none. */
function queryLines(call: WrittenCall, opening: string, closing: string): string {
  const parameters = given(call);
  if (parameters.length === 0) {
    return "";
  }
  const indent = opening.slice(0, opening.length - opening.trimStart().length);
  const lines = parameters.map(([name, value]) => `${indent}${indent}${quoted(name)}: ${quoted(value)},`);
  return ["", opening, ...lines, closing].join("\n");
}

/**
 * For `aliyun`, which names a region in every call, that of its profile when the command names none; `--force` lets parameters through that
 * the tool's own list does not have.
 */
function cliCommand(call: WrittenCall): string {
  const { RegionId = "", ...parameters } = Object.fromEntries(given(call));
  // A form without a region asks for the trails of all, and so has the command to.
  const shadows = call.action === "DescribeTrails" && RegionId === "" ? { IncludeShadowTrails: "true" } : {};
  const words = [
    `aliyun actiontrail ${call.action}`,
    `--endpoint ${shellWord(call.endpoint)}`,
    "--insecure",
    `--version ${RPC_VERSION}`,
    "--force",
    `--region ${shellWord(RegionId || call.region)}`,
    ...Object.entries({ ...parameters, ...shadows }).map(([name, value]) => flag(name, value)),
  ];
  return words.join(" \\\n  ");
}

/**
 * Whether the command finds less than the call does: LookupEvents looks in all regions when it names none, the tool always names one, and
 * no parameter takes that back.
 */
export function isCommandNarrower({ action, parameters }: WrittenCall): boolean {
  return action === "LookupEvents" && (parameters.RegionId ?? "") === "";
}

/** The tool takes a word that begins with "-" for a flag of its own, whatever the shell says. */
function flag(name: string, value: string): string {
  return value.startsWith("-") ? `--${name}=${shellWord(value)}` : `--${name} ${shellWord(value)}`;
}

/** One word for a POSIX shell, whatever is in it. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
