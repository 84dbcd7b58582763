import { stdin, stdout } from "node:process";
import { createInterface } from "node:readline/promises";
import type { RamAction } from "@/domain/access/action.ts";
import type { AccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import { reportAsCsv } from "@/domain/history-job/report-csv.ts";
import type { HistoryJobDto } from "@/domain/history-job/schema.ts";
import { commandLineScope } from "@/server/access/command-line.ts";
import { accountExists } from "@/server/account/queries.ts";
import {
  cancelHistoryJob,
  deleteHistoryJob,
  limitHistoryJob,
  pauseHistoryJob,
  resumeHistoryJob,
  retryHistoryJob,
} from "@/server/history-job/control.ts";
import { getHistoryJob, listHistoryJobs } from "@/server/history-job/queries.ts";
import { getHistoryJobReport } from "@/server/history-job/report.ts";
import { requestHistoryJobVerification } from "@/server/history-job/verification.ts";
import { CommandError } from "./command.ts";
import type { JobRequest } from "./job-arguments.ts";
import { jobInLine, jobInLines, LIST_FOOT, LIST_HEAD, refusalInWords, stateInWords } from "./job-words.ts";

/** A screenful. Older jobs are in the console. */
const LIST_SIZE = 30;

/**
 * Carries out what is asked of a job, over the database of the settings, and prints what a person is to read.
 * @throws CommandError when it cannot be done, with the sentence for the person
 */
export async function carryOut({ accountId, isConfirmed, what }: JobRequest): Promise<void> {
  const scope = (action: RamAction) => commandLineScope(accountId, "npm run job", action);
  const listScope = scope("actiontrail:ListDeliveryHistoryJobs");
  if (!(await accountExists(listScope))) {
    throw new CommandError(`There is no account ${accountId} here.`);
  }
  if (what.command === "list") {
    await list(listScope);
    return;
  }
  const { jobId } = what;
  try {
    const readDetail = () => getHistoryJob(scope("actiontrail:GetDeliveryHistoryJob"), jobId);
    const read = async () => (await readDetail()).job;
    switch (what.command) {
      case "show":
        console.log(jobInLines(await readDetail()).join("\n"));
        return;
      case "report":
        await printReport(scope("actiontrail:GetDeliveryHistoryJob"), jobId, what.format);
        return;
      case "cancel":
      case "delete":
        await confirm(what.command, await read(), isConfirmed);
    }
    await change(scope, what);
    console.log(`Job ${jobId} is ${stateInWords(await read())}.`);
  } catch (error) {
    const sentence = error instanceof DomainError ? refusalInWords(error, jobId) : null;
    throw sentence === null ? error : new CommandError(sentence);
  }
}

type Change = Exclude<JobRequest["what"], { command: "list" | "show" | "report" }>;

async function change(scope: (action: RamAction) => AccountScope, what: Change): Promise<void> {
  switch (what.command) {
    case "pause":
      await pauseHistoryJob(scope("backtrail:PauseDeliveryHistoryJob"), what);
      return;
    case "resume":
      await resumeHistoryJob(scope("backtrail:ResumeDeliveryHistoryJob"), what);
      return;
    case "cancel":
      await cancelHistoryJob(scope("backtrail:CancelDeliveryHistoryJob"), what);
      return;
    case "retry":
      await retryHistoryJob(scope("backtrail:RetryDeliveryHistoryJob"), what);
      return;
    case "delete":
      await deleteHistoryJob(scope("actiontrail:DeleteDeliveryHistoryJob"), what);
      return;
    case "limit":
      await limitHistoryJob(scope("backtrail:LimitDeliveryHistoryJob"), what);
      return;
    case "verify":
      await requestHistoryJobVerification(scope("backtrail:VerifyDeliveryHistoryJob"), what);
      console.log("A worker compares it with its logstore; what it finds is in the report.");
      return;
  }
}

async function list(scope: AccountScope): Promise<void> {
  const { jobs, totalCount } = await listHistoryJobs(scope, { page: 1, pageSize: LIST_SIZE });
  if (jobs.length === 0) {
    console.log("There is no history job in this account.");
    return;
  }
  console.log([LIST_HEAD, ...jobs.map(jobInLine)].join("\n"));
  if (jobs.some(({ deletedAt }) => deletedAt !== null)) {
    console.log(LIST_FOOT);
  }
  if (totalCount > jobs.length) {
    console.log(`The newest ${jobs.length} of ${totalCount}.`);
  }
}

async function printReport(scope: AccountScope, jobId: number, format: "json" | "csv"): Promise<void> {
  const report = await getHistoryJobReport(scope, jobId);
  stdout.write(format === "csv" ? reportAsCsv(report) : `${JSON.stringify(report, null, 2)}\n`);
}

/**
 * Asks before something that cannot be taken back.
 * @throws CommandError when the answer is not yes, or nobody is there to give one.
 */
async function confirm(command: "cancel" | "delete", job: HistoryJobDto, isConfirmed: boolean): Promise<void> {
  if (isConfirmed) {
    return;
  }
  if (!stdin.isTTY) {
    throw new CommandError(`Nobody can be asked whether to ${command} job ${job.id}: add --yes.`);
  }
  console.log(`Job ${job.id} of trail ${job.trailName} is ${stateInWords(job)}.`);
  const terminal = createInterface({ input: stdin, output: stdout });
  try {
    const answer = await terminal.question(`This cannot be taken back. Type yes to ${command} it: `);
    if (answer.trim().toLowerCase() !== "yes") {
      throw new CommandError("Nothing was changed.");
    }
  } finally {
    terminal.close();
  }
}
