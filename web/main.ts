import { existsSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import next from "next";
import { auditForeignRequest } from "@/server/access/foreign-request.ts";
import { env, isPublicTls, requiredDatabaseUrl, requiredSecrets, SettingError } from "@/server/env.ts";
import { checkReadiness, type Readiness } from "@/server/health.ts";
import { log } from "@/server/log.ts";
import { guardFetch } from "@/server/network/guarded-fetch.ts";
import { untilAborted, watchForEnd } from "@/server/process-end.ts";
import { takeCspReport } from "./csp-reports.ts";
import { settleForwarding } from "./forwarding.ts";
import { type ForeignRequest, foreignnessOf } from "./request-origin.ts";
import { CSP_REPORTS_PATH, contentSecurityPolicy, makeNonce, securityHeaders } from "./security-headers.ts";
import { SharedAnswers } from "./shared-answers.ts";
import { warmUp } from "./warm-up.ts";

// The console's process. Next is started from here, and not by its own command, so that its end is ours to decide, and what it is told of the
// client is true.

/** How long answers under way may take once the process is asked to end. */
const DRAIN_TIMEOUT_MS = 5_000;

const ending = watchForEnd();
const { HOST, PORT, PUBLIC_URL, TRUSTED_PROXIES } = env();
requiredDatabaseUrl();
requiredSecrets();
const dir = join(import.meta.dirname, "..");
if (!existsSync(join(dir, ".next/BUILD_ID"))) {
  throw new SettingError(
    "The console is not built: run `npm run build` first, or `npm start`, which does it by itself.",
  );
}
guardFetch([`http://${HOST}:${PORT}`, `http://localhost:${PORT}`, ...(PUBLIC_URL === undefined ? [] : [PUBLIC_URL])]);
const nextServer = next({ dev: false, dir, hostname: HOST, port: PORT });
await nextServer.prepare();
const answerPage = nextServer.getRequestHandler();
const sharedAnswers = new SharedAnswers(HOST, PORT, isPublicTls());

/** Whether the first person to ask would wait no longer than others. */
let isWarm = false;

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    log.error({ err: error, path: pathOf(request) }, "request failed");
    response.destroy();
  });
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (sharedAnswers.isOwn(request)) {
    // It has been through all of this on its first way.
    return answerByNext(request, response);
  }
  const isTls = settleForwarding(request, TRUSTED_PROXIES, isPublicTls());
  const nonce = makeNonce();
  for (const [name, value] of Object.entries(securityHeaders(nonce, isTls))) {
    response.setHeader(name, value);
  }
  // From here Next takes the nonce of its scripts; whatever a client puts there goes with it.
  request.headers["content-security-policy"] = contentSecurityPolicy(nonce);
  delete request.headers["content-security-policy-report-only"];
  switch (request.url) {
    case CSP_REPORTS_PATH:
      return takeCspReport(request, response);
    case "/healthz":
      return answerJson(response, 200, { status: "alive" });
    case "/readyz": {
      const readiness: Readiness = isWarm ? await checkReadiness() : { status: "starting" };
      return answerJson(response, readiness.status === "ready" ? 200 : 503, readiness);
    }
    default: {
      const foreignness = foreignnessOf(request.method ?? "", request.headers, isTls);
      if (foreignness !== null) {
        return refuseForeign(request, response, foreignness);
      }
      return (await sharedAnswers.answer(request, response)) ? undefined : answerByNext(request, response);
    }
  }
}

async function answerByNext(request: IncomingMessage, response: ServerResponse): Promise<void> {
  // Pages are not told their own address, and who has to sign in first wants to come back to it.
  request.headers["x-requested-path"] = request.url;
  return answerPage(request, response);
}

/** Said to whoever sent it, and noted: in the audit when it carried somebody's session, in the log always. */
async function refuseForeign(
  request: IncomingMessage,
  response: ServerResponse,
  errorCode: ForeignRequest,
): Promise<void> {
  const { method = "", headers } = request;
  const details = { method, path: pathOf(request), origin: headers.origin ?? null };
  log.warn({ ...details, errorCode, from: headers["x-forwarded-for"] }, "foreign request refused");
  await auditForeignRequest(headersOf(request), { ...details, errorCode });
  answerJson(response, 403, { error: { code: errorCode } });
}

/** Without the query: it may hold the secret of a link. */
function pathOf({ url = "" }: IncomingMessage): string {
  return url.split("?")[0] ?? "";
}

function headersOf({ headers }: IncomingMessage): Headers {
  return new Headers(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );
}

function answerJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}

server.once("error", ({ message }) => {
  throw new SettingError(`Nothing can listen on ${HOST}, port ${PORT} (settings HOST and PORT): ${message}.`);
});
server.listen(PORT, HOST, () => void beReady());

async function beReady(): Promise<void> {
  await warmUp(HOST, PORT);
  isWarm = true;
  if (TRUSTED_PROXIES.length > 0 && PUBLIC_URL === undefined) {
    log.warn("TRUSTED_PROXIES is set and PUBLIC_URL is not: cookies are not held to TLS, should the proxies have it");
  }
  log.info({ host: HOST, port: PORT }, "web ready");
  process.send?.("ready");
}

await untilAborted(ending);
log.info("web stopping");
setTimeout(() => process.exit(0), DRAIN_TIMEOUT_MS);
server.closeIdleConnections();
server.close(() => process.exit(0));
