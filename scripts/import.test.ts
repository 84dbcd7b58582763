import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commandLineScope } from "@/server/access/command-line.ts";
import { pool, prisma } from "@/server/db.ts";
import { hardCases } from "@/testing/hard-cases.ts";
import { FileImport } from "./import-files.ts";
import { sampleBodies } from "./sample-history.ts";

const REBASE_SCRIPT = "../shared/data/rebase.mjs";
const NOW = new Date();

let folder: string;
let accounts = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "backtrail-import-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function freshAccount(): Promise<string> {
  accounts++;
  const id = String(accounts).padStart(16, "0");
  await prisma().account.create({ data: { id, name: "Test" } });
  return id;
}

async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

type Run = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Runs a command as npm does, to its end. */
function run(script: string, ...args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["-C", "react-server", "--import", "tsx", script, ...args],
      { maxBuffer: 16_000_000 },
      (error, stdout, stderr) => resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}

/** The closing counts that a command printed. */
function countsIn(stdout: string): Record<string, number> {
  const lines = [...stdout.matchAll(/^(imported|already there|conflicts|outside 90 days|refused) +([\d,]+)$/gm)];
  return Object.fromEntries(lines.map(([, name, count]) => [name, Number(count?.replaceAll(",", ""))]));
}

/** The bodies in history, without Backtrail's own audit. */
async function storedBodies(accountId: string): Promise<string[]> {
  const { rows } = await pool().query<{ body: string }>(
    `SELECT "body" FROM "event" WHERE "account_id" = $1 AND "event_name" IS DISTINCT FROM 'PutEvents'`,
    [accountId],
  );
  return rows.map(({ body }) => body).toSorted();
}

describe("npm run import", () => {
  it.each([
    ["without a file", ["--account", "1"], "Usage: npm run import -- FILE… --account ID [--refused FILE]"],
    ["without an account", ["package.json"], "Usage: npm run import -- FILE… --account ID [--refused FILE]"],
    ["with a file that is not there", ["nowhere.ndjson", "--account", "1"], "The file nowhere.ndjson does not exist."],
    ["with a folder", ["scripts", "--account", "1"], "scripts is a folder: name the files in it."],
    ["with an unknown account", ["package.json", "--account", "404"], "The account 404 does not exist."],
    [
      "with a list that cannot be written",
      ["package.json", "--account", "1", "--refused", "nowhere/list"],
      "The file nowhere/list cannot be written",
    ],
  ])("says in one sentence what is wrong %s", async (_what, args, sentence) => {
    const { code, stdout, stderr } = await run("scripts/import.ts", ...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(sentence);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  it("makes of each hard case what it should, and adds nothing the second time", async () => {
    const accountId = await freshAccount();
    const cases = hardCases(NOW);
    const file = await fileOf("hard.ndjson", cases.map(({ line }) => `${line}\n`).join(""));
    const list = join(folder, "refused");
    const first = await run("scripts/import.ts", file, "--account", accountId, "--refused", list);
    const count = (outcome: string) => cases.filter((one) => one.outcome === outcome).length;
    expect(first.code).toBe(2);
    expect(countsIn(first.stdout)).toEqual({
      imported: count("recorded"),
      "already there": count("present"),
      conflicts: count("conflict"),
      "outside 90 days": count("outside-history"),
      refused: count("refused"),
    });
    const refusedLines = (await readFile(list, "utf8")).trimEnd().split("\n");
    expect(refusedLines.map((line) => Number(line.slice(file.length + 1).split(":")[0]))).toEqual(
      cases.flatMap(({ outcome }, index) => (outcome === "refused" ? [index + 1] : [])),
    );
    expect(refusedLines.every((line) => first.stdout.includes(line))).toBe(true);

    const bodies = cases.flatMap(({ line, outcome }) => (outcome === "recorded" ? [line] : []));
    // One comparison of two long texts: a list of 10,000 differences would help nobody.
    expect((await storedBodies(accountId)).join("\n") === bodies.toSorted().join("\n")).toBe(true);
    const second = await run("scripts/import.ts", file, "--account", accountId);
    expect(countsIn(second.stdout)).toMatchObject({
      imported: 0,
      "already there": count("recorded") + count("present"),
    });
    expect(await storedBodies(accountId)).toHaveLength(bodies.length);
  });

  it("keeps 1,933 real events byte for byte (generated ones where the shared data is absent)", async () => {
    const accountId = await freshAccount();
    const text = await realOrGeneratedText();
    const plain = await fileOf("real.ndjson", text);
    const list = await fileOf("real.json.gz", gzipSync(`[${text.trimEnd().split("\n").join(",\n")}]`));
    const { code, stdout } = await run("scripts/import.ts", plain, list, "--account", accountId);
    const lines = text.trimEnd().split("\n");
    expect({ code, ...countsIn(stdout) }).toMatchObject({
      code: 0,
      imported: lines.length,
      "already there": lines.length,
    });
    expect(await storedBodies(accountId)).toEqual(lines.toSorted());
  });

  it("notes in the audit that it begins, and at its end which files brought what", async () => {
    const accountId = await freshAccount();
    await run("scripts/import.ts", await fileOf("one.ndjson", "{}\n"), "--account", accountId);
    const entries = await prisma().auditEntry.findMany({
      where: { accountId, action: "backtrail:PutEvents" },
      orderBy: { at: "asc" },
    });
    expect(entries.map(({ details, actorName }) => ({ details, actorName }))).toEqual([
      { actorName: "npm run import", details: { files: ["one.ndjson"], begins: true } },
      {
        actorName: "npm run import",
        details: {
          files: ["one.ndjson"],
          isWhole: true,
          ...{ recorded: 0, present: 0, conflicts: 0, outsideHistory: 0, refused: 1 },
        },
      },
    ]);
  });
});

describe("FileImport", () => {
  const options = { accountId: "1", events: 5_000, seed: "1", days: 30, until: NOW };

  it("stops between two events when it is told to, and the next import adds the rest", async () => {
    const scope = commandLineScope(await freshAccount(), "test", "backtrail:PutEvents");
    const lines = [...sampleBodies(options)];
    lines.splice(3_000, 0, "the line at which it is told");
    const file = await fileOf("stopped.ndjson", lines.join("\n"));
    const stop = new AbortController();
    const stopped = new FileImport(scope, { now: NOW, onRefused: () => stop.abort() });
    await stopped.run([file], stop.signal);
    expect(stopped.counts).toMatchObject({ recorded: 3_000, refused: 1 });
    const whole = new FileImport(scope, { now: NOW, onRefused: () => undefined });
    await whole.run([file], new AbortController().signal);
    expect(whole.counts).toMatchObject({ recorded: 2_000, present: 3_000 });
  });

  it("has recorded what came before the damage when a file cannot be read to its end", async () => {
    const scope = commandLineScope(await freshAccount(), "test", "backtrail:PutEvents");
    const whole = gzipSync([...sampleBodies(options)].join("\n"));
    const file = await fileOf("damaged.gz", whole.subarray(0, whole.length - 1_000));
    const damaged = new FileImport(scope, { now: NOW, onRefused: () => undefined });
    await expect(damaged.run([file], new AbortController().signal)).rejects.toThrow("unexpected end of file");
    expect(damaged.counts.recorded).toBeGreaterThan(4_000);
    expect(await storedBodies(scope.accountId)).toHaveLength(damaged.counts.recorded);
  });
});

describe("npm run sample", () => {
  it.each([
    ["without a number", ["--account", "1"], "Usage: npm run sample"],
    ["with an unknown account", ["--events", "1", "--account", "404"], "The account 404 does not exist."],
  ])("says in one sentence what is wrong %s", async (_what, args, sentence) => {
    const { code, stderr } = await run("scripts/sample.ts", ...args);
    expect(code).toBe(1);
    expect(stderr).toContain(sentence);
  });

  it("records the number that was asked for, and nothing the second time", async () => {
    const accountId = await freshAccount();
    const args = ["--events", "3000", "--account", accountId, "--seed", "7", "--until", NOW.toISOString()];
    expect((await run("scripts/sample.ts", ...args)).stdout).toContain("3,000 events recorded, 0 were already there.");
    expect((await run("scripts/sample.ts", ...args)).stdout).toContain("0 events recorded, 3,000 were already there.");
    expect(await storedBodies(accountId)).toHaveLength(3_000);
  });
});

async function realOrGeneratedText(): Promise<string> {
  if (!existsSync(REBASE_SCRIPT)) {
    process.stdout.write("The shared data is absent: generated events stand in for the real ones.\n");
    return `${[...sampleBodies({ accountId: "1", events: 2_000, seed: "1", days: 80, until: NOW })].join("\n")}\n`;
  }
  const { stdout } = await promisify(execFile)(process.execPath, [REBASE_SCRIPT], { maxBuffer: 64_000_000 });
  return stdout;
}
