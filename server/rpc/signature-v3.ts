import { createHash } from "node:crypto";
import { RpcError } from "@/domain/rpc/rpc-error.ts";
import { canonicalQuery } from "./percent-encoding.ts";
import { hmac, type PresentedSignature, parseSigningTime, type RpcRequestParts } from "./signature.ts";

const ALGORITHM = "ACS3-HMAC-SHA256";

/** The vendor's V3 takes requests of the last 15 minutes (actiontrail.md, 3.3); clocks go wrong both ways. */
const SKEW_MS_MAX = 15 * 60_000;

const AUTHORIZATION_PATTERN =
  /^ACS3-HMAC-SHA256\s+Credential=([\w.-]{1,128}),\s*SignedHeaders=([a-z0-9;_-]{1,4096}),\s*Signature=([0-9a-f]{64})$/;

/** Whether a request is signed in version 3, well or not. */
export function isSignedInV3(headers: RpcRequestParts["headers"]): boolean {
  return headers.authorization !== undefined;
}

/**
 * The signature of version 3 that a request carries, read but not verified. It is over the headers that the client names, which have to
 * be `host` and every `x-acs-*` that is there at least, and over the digest of the body that it names: see isSignedBody.
 * Source: actiontrail.md, 3.1.
 * @throws RpcError IncompleteSignature, MissingParameter, InvalidTimeStamp.Format
 */
export function readSignatureV3(request: Omit<RpcRequestParts, "form">): PresentedSignature {
  const { headers } = request;
  const match = AUTHORIZATION_PATTERN.exec(headers.authorization ?? "");
  if (match === null) {
    throw new RpcError("IncompleteSignature", {
      parameter: "Authorization",
      reason: `The Authorization header is not of the form "${ALGORITHM} Credential=…,SignedHeaders=…,Signature=…".`,
    });
  }
  const [, accessKeyId = "", list = "", signature = ""] = match;
  const signedHeaders = list.split(";");
  checkSignedHeaders(signedHeaders, headers);
  const signedAt = parseSigningTime(required(headers, "x-acs-date"));
  if (signedAt === null) {
    throw new RpcError("InvalidTimeStamp.Format", { parameter: "x-acs-date" });
  }
  const stringToSign = [ALGORITHM, sha256Hex(canonicalRequest(request, signedHeaders))].join("\n");
  return {
    action: required(headers, "x-acs-action"),
    version: required(headers, "x-acs-version"),
    accessKeyId,
    nonce: required(headers, "x-acs-signature-nonce"),
    signedAt,
    skewMsMax: SKEW_MS_MAX,
    signature,
    stringToSign,
    sign: (secret) => hmac("sha256", secret, stringToSign).toString("hex"),
  };
}

/** Whether this body is the one whose digest was signed. */
export function isSignedBody(headers: RpcRequestParts["headers"], body: Uint8Array): boolean {
  return headers["x-acs-content-sha256"] === sha256Hex(body);
}

/** A header that decides what is done and is not signed could be changed on the way. */
function checkSignedHeaders(signedHeaders: readonly string[], headers: RpcRequestParts["headers"]): void {
  const needed = ["host", ...Object.keys(headers).filter((name) => name.startsWith("x-acs-"))];
  const missing = needed.find((name) => !signedHeaders.includes(name));
  const isRepeated = new Set(signedHeaders).size !== signedHeaders.length;
  const absent = signedHeaders.find((name) => headers[name] === undefined);
  if (missing !== undefined || isRepeated || absent !== undefined) {
    throw new RpcError("IncompleteSignature", {
      parameter: "SignedHeaders",
      reason:
        missing === undefined
          ? `SignedHeaders names ${absent ?? "a header twice"}, which the request does not have.`
          : `SignedHeaders has to name ${missing}.`,
    });
  }
}

function canonicalRequest(
  { method, path, query, headers }: Omit<RpcRequestParts, "form">,
  signedHeaders: readonly string[],
): string {
  return [
    method,
    path,
    canonicalQuery(query),
    signedHeaders.map((name) => `${name}:${(headers[name] ?? "").trim()}\n`).join(""),
    signedHeaders.join(";"),
    required(headers, "x-acs-content-sha256"),
  ].join("\n");
}

function required(headers: RpcRequestParts["headers"], name: string): string {
  const value = headers[name];
  if (value === undefined || value === "") {
    throw new RpcError("MissingParameter", { parameter: name });
  }
  return value;
}

function sha256Hex(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}
