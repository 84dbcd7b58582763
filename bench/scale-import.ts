import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, createReadStream, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { escapeLiteral, Pool } from "pg";
import { copyOut } from "@/server/copy-out.ts";
import { pool } from "@/server/db.ts";
import { requiredDatabaseUrl } from "@/server/env.ts";
import type { HistoryAccount } from "@/testing/history-account.ts";
import { valueOfRow } from "./copied-text.ts";
import { copyIn } from "./copy-in.ts";
import type { Figure } from "./figure.ts";
import { asOwner } from "./owner.ts";

const EVENTS = 500_000;

/** All that a recording writes; arrival comes from the sequence. */
const COLUMNS = `region, event_time, event_id, event_rw, service_name, event_name, event_type, user_name, access_key_id, source_ip_address,
  resource_type, resource_name, sensitive_action, error_code, body, digest`;

const LINE_FEED = Buffer.from("\n");

/**
 * How fast `npm run import` records a file's events, its start included, as a share of a COPY of the very same rows into the same table,
 * which keeps the same indexes and neither reads events nor counts them.
 * @param from whose events are written to the file
 * @param imported and copied, which have no history yet
 */
export async function measureImport(
  from: HistoryAccount,
  imported: HistoryAccount,
  copied: HistoryAccount,
  folder: string,
): Promise<readonly Figure[]> {
  const file = join(folder, "events.ndjson");
  const events = await writeEvents(from, file);
  const importedPerSecond = events / (await secondsOf(() => importFile(imported, file)));
  const rowsFile = join(folder, "rows");
  const rows = await writeRows(imported, copied, rowsFile);
  const copiedPerSecond =
    rows /
    (await secondsOf(() =>
      asOwner((owner) =>
        copyIn(owner, `COPY event (account_id, ${COLUMNS}) FROM STDIN (FORMAT binary)`, createReadStream(rowsFile)),
      ),
    ));
  return [
    { name: "import", value: Math.round(importedPerSecond), unit: "events/s" },
    { name: "import_copy", value: Math.round(copiedPerSecond), unit: "events/s" },
    {
      name: "import_share",
      value: Number((importedPerSecond / copiedPerSecond).toFixed(2)),
      unit: "of the speed of COPY",
      least: 0.4,
      aim: 0.7,
    },
  ];
}

/** Writes the texts of an account's first events to a file, one a line. @returns how many */
async function writeEvents({ accountId }: HistoryAccount, file: string): Promise<number> {
  let events = 0;
  await copyToFile(
    `COPY (SELECT body FROM event WHERE account_id = ${escapeLiteral(accountId)} ORDER BY event_time LIMIT ${EVENTS}) TO STDOUT`,
    file,
    (row) => {
      events++;
      return Buffer.concat([valueOfRow(row), LINE_FEED]);
    },
  );
  return events;
}

/** Writes what COPY takes for giving one account the rows of another, in the order in which they were recorded. @returns how many */
async function writeRows(from: HistoryAccount, to: HistoryAccount, file: string): Promise<number> {
  const { rows } = await pool().query<{ count: number }>("SELECT count(*) FROM event WHERE account_id = $1", [
    from.accountId,
  ]);
  await copyToFile(
    `COPY (
      SELECT ${escapeLiteral(to.accountId)}::text, ${COLUMNS} FROM event WHERE account_id = ${escapeLiteral(from.accountId)}
      ORDER BY arrival
    ) TO STDOUT (FORMAT binary)`,
    file,
    (message) => message,
  );
  return rows[0]?.count ?? 0;
}

async function copyToFile(text: string, file: string, bytesOf: (message: Buffer) => Buffer): Promise<void> {
  const handle = openSync(file, "w");
  // Without the bound that the product's own statements have.
  const connection = new Pool({ connectionString: requiredDatabaseUrl(), max: 1 });
  try {
    await copyOut(connection, text, (message) => writeSync(handle, bytesOf(message)));
  } finally {
    await connection.end();
    closeSync(handle);
  }
}

async function importFile({ accountId }: HistoryAccount, file: string): Promise<void> {
  // As package.json starts it.
  const args = ["--max-semi-space-size=8", "-C", "react-server", "--import", "tsx", "scripts/import.ts"];
  const child = spawn(process.execPath, [...args, file, "--account", accountId], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const [code] = await once(child, "exit");
  if (code !== 0) {
    throw new Error(`the import ended with ${code}`);
  }
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const begunAt = performance.now();
  await work();
  return (performance.now() - begunAt) / 1_000;
}
