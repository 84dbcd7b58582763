import { spawn } from "node:child_process";
import { once } from "node:events";
import type { HistoryAccount } from "@/testing/history-account.ts";
import { asOwner } from "./owner.ts";

/**
 * Records so many events of the sample in an account's history, over 89 days, by the product's own command. Afterwards the table is
 * vacuumed: what has just been written would else be stamped by whoever reads it first.
 */
export async function recordSample({ accountId }: HistoryAccount, events: number): Promise<void> {
  const args = ["-C", "react-server", "--import", "tsx", "scripts/sample.ts", "--events", String(events)];
  const child = spawn(process.execPath, [...args, "--account", accountId, "--days", "89"], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const [code] = await once(child, "exit");
  if (code !== 0) {
    throw new Error(`the sample generator ended with ${code}`);
  }
  await asOwner((owner) => owner.query("VACUUM ANALYZE event"));
}
