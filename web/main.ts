import { existsSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import next from "next";
import { env, requiredDatabaseUrl, requiredSecret, SettingError } from "@/server/env.ts";
import { checkReadiness } from "@/server/health.ts";
import { log } from "@/server/log.ts";
import { untilAborted, watchForEnd } from "@/server/process-end.ts";
import { SharedAnswers } from "./shared-answers.ts";

// The console's process. Next is started from here, and not by its own command, so that its end is ours to decide and the
// address it sees is the socket's.

/** How long answers under way may take once the process is asked to end. */
const DRAIN_TIMEOUT_MS = 5_000;

const ending = watchForEnd();
const { HOST, PORT } = env();
requiredDatabaseUrl();
requiredSecret();
const dir = join(import.meta.dirname, "..");
if (!existsSync(join(dir, ".next/BUILD_ID"))) {
  throw new SettingError(
    "The console is not built: run `npm run build` first, or `npm start`, which does it by itself.",
  );
}
const nextServer = next({ dev: false, dir, hostname: HOST, port: PORT });
await nextServer.prepare();
const answerPage = nextServer.getRequestHandler();
const sharedAnswers = new SharedAnswers(HOST, PORT);

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    log.error({ err: error, path: request.url }, "request failed");
    response.destroy();
  });
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  switch (request.url) {
    case "/healthz":
      return answerJson(response, 200, { status: "alive" });
    case "/readyz": {
      const readiness = await checkReadiness();
      return answerJson(response, readiness.status === "ready" ? 200 : 503, readiness);
    }
    default:
      if (!sharedAnswers.isOwn(request)) {
        if (await sharedAnswers.answer(request, response)) {
          return;
        }
        // Next believes this header, and whoever counts or logs by address believes Next: it must not be the client's word.
        request.headers["x-forwarded-for"] = request.socket.remoteAddress;
      }
      // Pages are not told their own address, and who has to sign in first wants to come back to it.
      request.headers["x-requested-path"] = request.url;
      return answerPage(request, response);
  }
}

function answerJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}

server.once("error", ({ message }) => {
  throw new SettingError(`Nothing can listen on ${HOST}, port ${PORT} (settings HOST and PORT): ${message}.`);
});
server.listen(PORT, HOST, () => {
  log.info({ host: HOST, port: PORT }, "web ready");
  process.send?.("ready");
});

await untilAborted(ending);
log.info("web stopping");
setTimeout(() => process.exit(0), DRAIN_TIMEOUT_MS);
server.closeIdleConnections();
server.close(() => process.exit(0));
