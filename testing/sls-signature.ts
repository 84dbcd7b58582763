import { createHash, createHmac } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/**
 * The V4 signature that SLS would compute for a request without a query, written straight from the specification
 * (actiontrail.md, 6.2) and on purpose not with the product's code: the stand-in sink must not share its mistakes.
 */
export function expectedAuthorization(
  request: { readonly method: string; readonly path: string; readonly headers: IncomingHttpHeaders },
  body: Uint8Array,
  key: { readonly region: string; readonly accessKeyId: string; readonly accessKeySecret: string },
): string {
  const names = Object.keys(request.headers)
    .filter((name) => ["host", "content-type"].includes(name) || name.startsWith("x-log-") || name.startsWith("x-acs-"))
    .sort();
  const bodyDigest = createHash("sha256").update(body).digest("hex");
  let canonical = `${request.method}\n${request.path}\n\n`;
  for (const name of names) {
    canonical += `${name}:${String(request.headers[name]).trim()}\n`;
  }
  canonical += `\n${names.join(";")}\n${bodyDigest}`;
  const time = String(request.headers["x-log-date"]);
  const date = time.slice(0, 8);
  const scope = `${date}/${key.region}/sls/aliyun_v4_request`;
  const stringToSign = `SLS4-HMAC-SHA256\n${time}\n${scope}\n${createHash("sha256").update(canonical).digest("hex")}`;
  const dateKey = createHmac("sha256", `aliyun_v4${key.accessKeySecret}`).update(date).digest();
  const regionKey = createHmac("sha256", dateKey).update(key.region).digest();
  const serviceKey = createHmac("sha256", regionKey).update("sls").digest();
  const signingKey = createHmac("sha256", serviceKey).update("aliyun_v4_request").digest();
  const signature = createHmac("sha256", signingKey).update(stringToSign).digest("hex");
  return `SLS4-HMAC-SHA256 Credential=${key.accessKeyId}/${scope},Signature=${signature}`;
}

/** The time that a request says it was signed at; an invalid date when it says none. */
export function signedAtOf(headers: IncomingHttpHeaders): Date {
  return new Date(
    String(headers["x-log-date"]).replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"),
  );
}

/**
 * The V1 signature for a request without a query, with the digest that its header `x-log-signaturemethod` names. Source: actiontrail.md,
 * 6.2; not with the product's code either.
 */
export function expectedAuthorizationV1(
  { method, path, headers }: { readonly method: string; readonly path: string; readonly headers: IncomingHttpHeaders },
  key: { readonly accessKeyId: string; readonly accessKeySecret: string },
): string {
  const vendors = Object.keys(headers)
    .filter((name) => name.startsWith("x-log-") || name.startsWith("x-acs-"))
    .sort()
    .map((name) => `${name}:${String(headers[name])}`);
  const lines = [method, headers["content-md5"] ?? "", headers["content-type"] ?? "", headers.date ?? "", ...vendors];
  const digest = String(headers["x-log-signaturemethod"]).replace("hmac-", "");
  const signature = createHmac(digest, key.accessKeySecret)
    .update([...lines, path].join("\n"))
    .digest("base64");
  return `LOG ${key.accessKeyId}:${signature}`;
}
