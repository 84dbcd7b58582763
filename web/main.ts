import { existsSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import next from "next";
import { env, requiredDatabaseUrl, requiredSecret, SettingError } from "@/server/env.ts";
import { checkReadiness } from "@/server/health.ts";
import { log } from "@/server/log.ts";

// The console's process. Next is started from here, and not by its own command, so that its end is ours to decide and the
// address it sees is the socket's.

/** How long answers under way may take once the process is asked to end. */
const DRAIN_TIMEOUT_MS = 5_000;

const { HOST, PORT } = checkedSettings();
const dir = join(import.meta.dirname, "..");
if (!existsSync(join(dir, ".next/BUILD_ID"))) {
  endWith("The console is not built: run `npm run build` first, or `npm start`, which does it by itself.");
}
const nextServer = next({ dev: false, dir, hostname: HOST, port: PORT });
await nextServer.prepare();
const answerPage = nextServer.getRequestHandler();

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
      // Next believes this header, and whoever counts or logs by address believes Next: it must not be the client's word.
      request.headers["x-forwarded-for"] = request.socket.remoteAddress;
      // Pages are not told their own address, and who has to sign in first wants to come back to it.
      request.headers["x-requested-path"] = request.url;
      return answerPage(request, response);
  }
}

function answerJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}

/** Takes no more requests, lets those under way end, and ends the process. */
function shutDown(): void {
  log.info("web stopping");
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  setTimeout(() => process.exit(0), DRAIN_TIMEOUT_MS);
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, shutDown);
}
// The launcher is gone: nobody would stop this process any more, and the next start wants its port.
process.on("disconnect", () => process.exit(0));

server.once("error", (error) =>
  endWith(`Nothing can listen on ${HOST}, port ${PORT} (settings HOST and PORT): ${error.message}.`),
);
server.listen(PORT, HOST, () => log.info({ host: HOST, port: PORT }, "web ready"));

function checkedSettings() {
  try {
    requiredDatabaseUrl();
    requiredSecret();
    return env();
  } catch (error) {
    if (error instanceof SettingError) {
      endWith(error.message);
    }
    throw error;
  }
}

/** For what an operator can put right: one sentence. */
function endWith(sentence: string): never {
  log.fatal(sentence);
  process.exit(1);
}
