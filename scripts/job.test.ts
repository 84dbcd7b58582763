import { execFile } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createHistoryJobInputSchema } from "@/domain/history-job/schema.ts";
import { prisma } from "@/server/db.ts";
import { createHistoryJob } from "@/server/history-job/commands.ts";
import { getHistoryJob } from "@/server/history-job/queries.ts";
import { noteFailure } from "@/server/log-service/circuit.ts";
import { closeQueue } from "@/server/queue.ts";
import {
  addTrail,
  createHistoryAccount,
  eventText,
  type HistoryAccount,
  recordTexts,
} from "@/testing/history-account.ts";
import { CommandError } from "./command.ts";
import { readJobRequest } from "./job-arguments.ts";
import { carryOut } from "./job-command.ts";
import { jobInLines, stateInWords } from "./job-words.ts";

let account: HistoryAccount;
let jobId: number;

/** An account with a job to this endpoint. */
async function startJob(endpoint: string): Promise<{ account: HistoryAccount; jobId: number }> {
  const account = await createHistoryAccount(endpoint);
  await addTrail(account, { name: "all-events" });
  await recordTexts(account, [eventText({ eventTime: new Date(Date.now() - 86_400_000) })]);
  const input = createHistoryJobInputSchema.parse({ trailName: "all-events", reason: "a gap, in May" });
  const { jobId } = await createHistoryJob(account.scope("actiontrail:CreateDeliveryHistoryJob"), input);
  return { account, jobId };
}

beforeAll(async () => {
  ({ account, jobId } = await startJob("http://127.0.0.1:9"));
});

afterAll(closeQueue);

type Run = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Runs the command as npm does, to its end, with nobody at a terminal. */
function runAsNpm(...args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["-C", "react-server", "--import", "tsx", "scripts/job.ts", ...args],
      (error, stdout, stderr) => resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}

/** Carries the command out within this process, and answers with what it printed. */
async function run(...args: string[]): Promise<string> {
  let printed = "";
  const log = vi.spyOn(console, "log").mockImplementation((line: string) => {
    printed += `${line}\n`;
  });
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += text;
    return true;
  });
  try {
    await carryOut(readJobRequest(args));
    return printed;
  } finally {
    log.mockRestore();
    write.mockRestore();
  }
}

/** Runs the command on the account's job. */
function runOnJob(command: string, ...options: string[]): Promise<string> {
  return run(command, String(jobId), "--account", account.accountId, ...options);
}

describe("npm run job", () => {
  it.each([
    [[], "Say what to do."],
    [["stop", "1"], "There is no command stop."],
    [["pause"], "Say which job to pause."],
    [["pause", "one"], "one is not the number of a job."],
    [["pause", "99999999999"], "99999999999 is not the number of a job."],
    [["pause", "1", "2"], "There is one word too many: 2."],
    [["pause", "1", "--force"], "Unknown option '--force'"],
    [["limit", "1"], "Say --events-per-second N"],
    [["limit", "1", "--events-per-second", "0"], "must be a whole number from 1 to 1000000, or none"],
    [["limit", "1", "--events-per-second", ""], "must be a whole number from 1 to 1000000, or none"],
    [["report", "1", "--format", "xml"], "The option --format must be json or csv."],
  ])("does not take %j, and says why", (args, sentence) => {
    expect(() => readJobRequest(args)).toThrow(CommandError);
    expect(() => readJobRequest(args)).toThrow(sentence);
  });

  it("ends with one sentence and exit code 1 when the account is not there", async () => {
    expect(await runAsNpm("list", "--account", "404")).toEqual({
      code: 1,
      stdout: "",
      stderr: "There is no account 404 here.\n",
    });
  });

  it("changes a job's course as the console does, and says what became of it", async () => {
    expect(await runAsNpm("pause", String(jobId), "--account", account.accountId)).toEqual({
      code: 0,
      stdout: `Job ${jobId} is paused.\n`,
      stderr: "",
    });
    await runOnJob("limit", "--events-per-second", "500");
    const shown = await runOnJob("show");
    expect(shown).toMatch(/^phase +paused$/m);
    expect(shown).toMatch(/^ceiling +500 events\/s$/m);
    expect(shown).toMatch(/^reason +a gap, in May$/m);
    expect(await run("list", "--account", account.accountId)).toMatch(
      new RegExp(`^ +${jobId} +paused +0% +1 +.*all-events$`, "m"),
    );
    expect(await runOnJob("resume")).toBe(`Job ${jobId} is queued.\n`);
    await expect(runOnJob("retry")).rejects.toThrow(new CommandError(`Job ${jobId} has not ended yet.`));

    await expect(runOnJob("cancel")).rejects.toThrow(
      new CommandError(`Nobody can be asked whether to cancel job ${jobId}: add --yes.`),
    );
    expect(await runOnJob("cancel", "--yes")).toBe(`Job ${jobId} is cancelled.\n`);
    await runOnJob("verify");
    expect(await runOnJob("report", "--format", "csv")).toContain(`,"cancelled",`);
    expect(JSON.parse(await runOnJob("report"))).toMatchObject({ job: { id: jobId, phase: "cancelled" } });
    expect(await runOnJob("delete", "--yes")).toBe(`Job ${jobId} is cancelled, deleted.\n`);
    await expect(runOnJob("delete", "--yes")).rejects.toThrow(new CommandError(`Job ${jobId} was deleted already.`));

    const entries = await prisma().auditEntry.findMany({
      where: { accountId: account.accountId, actorType: "command-line", actorId: "npm run job", outcome: "allowed" },
      orderBy: { at: "asc" },
    });
    expect(entries.map(({ action }) => action.split(":")[1])).toEqual([
      "PauseDeliveryHistoryJob",
      "LimitDeliveryHistoryJob",
      "ResumeDeliveryHistoryJob",
      "CancelDeliveryHistoryJob",
      "VerifyDeliveryHistoryJob",
      "DeleteDeliveryHistoryJob",
    ]);
  });

  it("says what is wrong with a running job's log service, since when, and what a job that ends waits for", async () => {
    const endpoint = "http://in-trouble.invalid";
    const own = await startJob(endpoint);
    const read = () => getHistoryJob(own.account.scope("actiontrail:GetDeliveryHistoryJob"), own.jobId);
    const { job } = await read();
    expect(jobInLines(await read()).join("\n")).not.toContain("log service");
    const trouble = { cause: "project", code: "WriteQuotaExceed", message: "Write quota is exceeded." } as const;
    await noteFailure({ endpoint, project: job.projectName }, null, { ...trouble, retryAfterMs: null }, 1_000);
    expect(jobInLines(await read()).join("\n")).toMatch(
      /^log service +WriteQuotaExceed since 20\S+Z, 1 try, the next not before 20\S+Z: Write quota is exceeded\.$/m,
    );
    expect([0, 1, 2].map((claims) => stateInWords({ ...job, phase: "cancelling", claims }))).toEqual([
      "cancelling; it ends in a moment",
      "cancelling; it waits for 1 slice that a worker holds",
      "cancelling; it waits for 2 slices that workers hold",
    ]);
  });

  it("does not find another account's job", async () => {
    const other = await createHistoryAccount("http://127.0.0.1:9");
    await expect(run("cancel", String(jobId), "--account", other.accountId, "--yes")).rejects.toThrow(
      new CommandError(`There is no job ${jobId} in this account.`),
    );
  });
});
