import { RpcError } from "@/domain/rpc/rpc-error.ts";
import { canonicalQuery, type Parameter, percentEncode } from "./percent-encoding.ts";
import { hmac, type PresentedSignature, parseSigningTime, type RpcRequestParts } from "./signature.ts";

/** "Timestamp valid 31 minutes" (actiontrail.md, 3.3); clocks go wrong both ways. */
const SKEW_MS_MAX = 31 * 60_000;

/**
 * The legacy signature that a request carries among its parameters, read but not verified. It is over the method and all parameters of
 * query and form but itself; headers are no part of it.
 * Source: actiontrail.md, 3.2.
 * @param parameters of query and form, each name once
 * @throws RpcError MissingParameter, IncompleteSignature, InvalidTimeStamp.Format
 */
export function readSignatureLegacy(
  { method, path }: Pick<RpcRequestParts, "method" | "path">,
  parameters: readonly Parameter[],
): PresentedSignature {
  const byName = new Map(parameters);
  const required = (name: string, wireName = name): string => {
    const value = byName.get(wireName);
    if (value === undefined || value === "") {
      throw new RpcError("MissingParameter", { parameter: name });
    }
    return value;
  };
  const action = required("Action");
  const version = required("Version");
  const accessKeyId = required("AccessKeyId");
  const signature = required("Signature");
  if (required("SignatureMethod") !== "HMAC-SHA1" || required("SignatureVersion") !== "1.0") {
    throw new RpcError("IncompleteSignature", {
      parameter: "SignatureMethod",
      reason: "SignatureMethod has to be HMAC-SHA1 and SignatureVersion 1.0.",
    });
  }
  // The vendor's message writes it so; its parameter is Timestamp.
  const signedAt = parseSigningTime(required("TimeStamp", "Timestamp"));
  if (signedAt === null) {
    throw new RpcError("InvalidTimeStamp.Format", { parameter: "Timestamp" });
  }
  const signed = canonicalQuery(parameters.filter(([name]) => name !== "Signature"));
  const stringToSign = [method, percentEncode(path), percentEncode(signed)].join("&");
  return {
    action,
    version,
    accessKeyId,
    nonce: required("SignatureNonce"),
    signedAt,
    skewMsMax: SKEW_MS_MAX,
    signature,
    stringToSign,
    sign: (secret) => hmac("sha1", `${secret}&`, stringToSign).toString("base64"),
  };
}
