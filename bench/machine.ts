import { cpus, release, totalmem, type } from "node:os";
import { pool } from "@/server/db.ts";

/** What figures are measured on, in one line: they say nothing without it. */
export async function describeMachine(): Promise<string> {
  const { rows } = await pool().query<{ server_version: string }>("SHOW server_version");
  const processors = cpus();
  const facts = [
    `${processors.length} × ${processors[0]?.model ?? "unknown processor"}`,
    `${Math.round(totalmem() / 2 ** 30)} GB of memory`,
    `${type()} ${release()}`,
    `Node.js ${process.version}`,
    `PostgreSQL ${rows[0]?.server_version}`,
  ];
  return `machine: ${facts.join(", ")}`;
}
