import { access, constants, stat } from "node:fs/promises";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import type { AccountScope } from "@/domain/access/scope.ts";
import { closeDatabase, readDatabaseTime } from "@/server/db.ts";
import { type ImportCounts, noteImport, noteImportBegin } from "@/server/event/imports.ts";
import { existingAccountScope } from "./account-scope.ts";
import { CommandError, runCommand } from "./command.ts";
import { withDatabase } from "./database.ts";
import { FileImport } from "./import-files.ts";
import { fileSize, grouped, showProgress } from "./progress-bar.ts";
import { RefusedList } from "./refused-list.ts";
import { EXIT_CODE_STOPPED, stopOnSignal } from "./stop-signal.ts";

const USAGE = "Usage: npm run import -- FILE… --account ID [--refused FILE]";

/** Everything else was taken or is there already. */
const EXIT_CODE_REFUSED = 2;

// package.json starts this with --max-semi-space-size=8 (MB): parsing makes nothing but short-lived objects, and Node's own
// limit lets 100 MB of them lie about before it looks. The rate is the same, and a file of any size stays under 400 MB.
await runCommand(async () => {
  const { files, accountId, refusedFile } = readArguments();
  const totalBytes = await totalSize(files);
  const refused = new RefusedList(refusedFile);
  await withDatabase(async () => {
    try {
      await importFiles(files, totalBytes, await existingAccountScope(accountId, "npm run import"), refused);
    } finally {
      refused.close();
      await closeDatabase();
    }
  });
});

async function importFiles(
  files: readonly string[],
  totalBytes: number,
  scope: AccountScope,
  refused: RefusedList,
): Promise<void> {
  const origin = { files: files.map((file) => basename(file)) };
  await noteImportBegin(scope, origin);
  const work = new FileImport(scope, { now: await readDatabaseTime(), onRefused: (line) => refused.add(line) });
  const stop = stopOnSignal();
  const startedAt = performance.now();
  const hideProgress = showProgress(() => {
    const { recorded, present } = work.counts;
    const events = grouped(recorded + present);
    const perSecond = grouped(((recorded + present) / (performance.now() - startedAt)) * 1000);
    const bytes = `${fileSize(work.bytesRead)} of ${fileSize(totalBytes)}`;
    return { done: work.bytesRead, total: totalBytes, text: `${bytes}  ${events} events  ${perSecond}/s` };
  });
  let isWhole = false;
  try {
    await work.run(files, stop.signal);
    isWhole = !stop.signal.aborted;
  } catch (error) {
    throw fileErrorOf(error, work.file);
  } finally {
    hideProgress();
    stop.release();
    await noteImport(scope, { origin, counts: work.counts, isWhole });
    refused.print();
    printCounts(work.counts);
  }
  if (!isWhole) {
    console.log("Stopped before the end. Importing the same again adds only what is missing.");
    process.exitCode = EXIT_CODE_STOPPED;
  } else if (work.counts.refused > 0) {
    process.exitCode = EXIT_CODE_REFUSED;
  }
}

function readArguments(): { files: string[]; accountId: string; refusedFile: string | undefined } {
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: { account: { type: "string" }, refused: { type: "string" } },
    });
    if (positionals.length > 0 && values.account !== undefined) {
      return { files: positionals, accountId: values.account, refusedFile: values.refused };
    }
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : error} ${USAGE}`);
  }
  throw new CommandError(USAGE);
}

/** Looks at all files before anything is imported: a name mistyped should not show half an hour later. */
async function totalSize(files: readonly string[]): Promise<number> {
  let total = 0;
  for (const file of files) {
    try {
      await access(file, constants.R_OK);
      const info = await stat(file);
      if (info.isDirectory()) {
        throw new CommandError(`${file} is a folder: name the files in it.`);
      }
      total += info.size;
    } catch (error) {
      throw fileErrorOf(error, file);
    }
  }
  return total;
}

/** A sentence for what is wrong with a file; any other error as it is. */
function fileErrorOf(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") {
    return error;
  }
  if (error.code === "ENOENT") {
    return new CommandError(`The file ${file} does not exist.`);
  }
  if (error.code.startsWith("Z_")) {
    return new CommandError(`The file ${file} is damaged gzip (${error.message}): what came before was imported.`);
  }
  return "syscall" in error && "path" in error
    ? new CommandError(`The file ${file} cannot be read: ${error.message}.`)
    : error;
}

function printCounts(counts: ImportCounts): void {
  const rows: [string, number][] = [
    ["imported", counts.recorded],
    ["already there", counts.present],
    ["conflicts", counts.conflicts],
    ["outside 90 days", counts.outsideHistory],
    ["refused", counts.refused],
  ];
  for (const [name, count] of rows) {
    console.log(`${name.padEnd(16)}${grouped(count).padStart(13)}`);
  }
}
