import { pino } from "pino";
import { logLevel } from "./env.ts";

/** Structured log of this process, one JSON object a line on standard output. Secrets are never passed to it. */
export const log = pino({
  level: logLevel(),
  base: { pid: process.pid },
  timestamp: pino.stdTimeFunctions.isoTime,
  redact: ["password", "secret", "authorization", "*.password", "*.secret", "*.authorization"],
});
