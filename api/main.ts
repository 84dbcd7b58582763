import { closeDatabase } from "@/server/db.ts";
import { env, requiredDatabaseUrl, requiredSecrets, SettingError } from "@/server/env.ts";
import { log } from "@/server/log.ts";
import { untilAborted, watchForEnd } from "@/server/process-end.ts";
import { buildServer } from "./server.ts";

/** How long requests under way may take to be stored and answered after the first signal. */
const DRAIN_TIMEOUT_MS = 15_000;

const ending = watchForEnd();
const { HOST: host, API_PORT: port } = env();
requiredDatabaseUrl();
requiredSecrets();
const server = buildServer();
await server.listen({ host, port }).catch(({ message }: Error) => {
  throw new SettingError(`Nothing can listen on ${host}, port ${port} (settings HOST and API_PORT): ${message}.`);
});
log.info({ host, port }, "api ready");
process.send?.("ready");

await untilAborted(ending);
log.info("api draining");
setTimeout(() => process.exit(1), DRAIN_TIMEOUT_MS);
await server.close();
await closeDatabase();
process.exit(0);
