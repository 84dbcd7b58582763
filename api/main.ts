import { closeDatabase } from "@/server/db.ts";
import { env, requiredDatabaseUrl, requiredSecret, SettingError } from "@/server/env.ts";
import { log } from "@/server/log.ts";
import { buildServer } from "./server.ts";

/** How long requests under way may take to be stored and answered after the first signal. */
const DRAIN_TIMEOUT_MS = 15_000;

const shutdown = new AbortController();

process.on("uncaughtException", (error) => {
  log.fatal({ err: error }, "fault that could not be placed");
  process.exit(1);
});
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (shutdown.signal.aborted) {
      process.exit(1);
    }
    shutdown.abort();
  });
}
// The launcher is gone: nobody would stop this process any more.
process.on("disconnect", () => shutdown.abort());

const server = buildServer();
await listen().catch(endWithOneSentence);
process.send?.("ready");

await new Promise((resolve) => shutdown.signal.addEventListener("abort", resolve, { once: true }));
log.info("api draining");
setTimeout(() => process.exit(1), DRAIN_TIMEOUT_MS);
await server.close();
await closeDatabase();
process.exit(0);

async function listen(): Promise<void> {
  const { HOST: host, API_PORT: port } = env();
  requiredDatabaseUrl();
  requiredSecret();
  await server.listen({ host, port });
  log.info({ host, port }, "api ready");
}

/** For what an operator can put right; anything else is thrown on. */
function endWithOneSentence(error: unknown): never {
  if (error instanceof SettingError) {
    log.fatal(error.message);
    process.exit(1);
  }
  if (error instanceof Error && "syscall" in error && error.syscall === "listen") {
    const { HOST, API_PORT } = env();
    log.fatal(`Nothing can listen on ${HOST}, port ${API_PORT} (settings HOST and API_PORT): ${error.message}.`);
    process.exit(1);
  }
  throw error;
}
