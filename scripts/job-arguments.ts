import { parseArgs } from "node:util";
import { jobIdSchema, limitHistoryJobInputSchema } from "@/domain/history-job/schema.ts";
import { env } from "@/server/env.ts";
import { CommandError } from "./command.ts";

const JOB_COMMANDS = [
  "list",
  "show",
  "pause",
  "resume",
  "cancel",
  "retry",
  "delete",
  "limit",
  "verify",
  "report",
] as const;
type JobCommand = (typeof JOB_COMMANDS)[number];

const USAGE = `Usage: npm run job -- list [--account ID]
       npm run job -- show|pause|resume|cancel|retry|delete|verify JOB [--account ID] [--yes]
       npm run job -- limit JOB --events-per-second N|none [--account ID]
       npm run --silent job -- report JOB [--format json|csv] [--account ID]`;

export type JobRequest = {
  readonly accountId: string;
  /** Whether a person has said yes beforehand. */
  readonly isConfirmed: boolean;
  readonly what:
    | { readonly command: "list" }
    | { readonly command: Exclude<JobCommand, "list" | "limit" | "report">; readonly jobId: number }
    | { readonly command: "limit"; readonly jobId: number; readonly eventsPerSecondMax: number | null }
    | { readonly command: "report"; readonly jobId: number; readonly format: "json" | "csv" };
};

/** @throws CommandError with one sentence that says what is wrong, and the usage. */
export function readJobRequest(args: readonly string[]): JobRequest {
  const { values, positionals } = parse(args);
  const [first, id, ...rest] = positionals;
  const command = JOB_COMMANDS.find((known) => known === first);
  if (command === undefined) {
    throw wrong(first === undefined ? "Say what to do." : `There is no command ${first}.`);
  }
  if (rest.length > 0) {
    throw wrong(`There is one word too many: ${rest[0]}.`);
  }
  const request = { accountId: values.account ?? env().ACCOUNT_ID, isConfirmed: values.yes ?? false };
  if (command === "list") {
    return { ...request, what: { command } };
  }
  const jobId = jobIdOf(command, id);
  switch (command) {
    case "limit":
      return {
        ...request,
        what: { command, jobId, eventsPerSecondMax: ceilingOf(jobId, values["events-per-second"]) },
      };
    case "report":
      return { ...request, what: { command, jobId, format: formatOf(values.format) } };
    default:
      return { ...request, what: { command, jobId } };
  }
}

const text = { type: "string" } as const;

function parse(args: readonly string[]) {
  try {
    const options = { account: text, "events-per-second": text, format: text, yes: { type: "boolean" } } as const;
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
}

function jobIdOf(command: JobCommand, text: string | undefined): number {
  if (text === undefined) {
    throw wrong(`Say which job to ${command}.`);
  }
  const parsed = jobIdSchema.safeParse(/^[0-9]+$/.test(text) ? Number(text) : null);
  if (!parsed.success) {
    throw wrong(`${text} is not the number of a job.`);
  }
  return parsed.data;
}

function ceilingOf(jobId: number, text: string | undefined): number | null {
  if (text === undefined) {
    throw wrong("Say --events-per-second N, or none to take the ceiling away.");
  }
  const parsed = limitHistoryJobInputSchema.safeParse({
    jobId,
    eventsPerSecondMax: text === "none" ? null : Number(text),
  });
  if (!parsed.success) {
    throw wrong("The option --events-per-second must be a whole number from 1 to 1000000, or none.");
  }
  return parsed.data.eventsPerSecondMax;
}

function formatOf(text: string | undefined): "json" | "csv" {
  if (text !== undefined && text !== "json" && text !== "csv") {
    throw wrong("The option --format must be json or csv.");
  }
  return text ?? "json";
}

function wrong(sentence: string): CommandError {
  return new CommandError(`${sentence}\n${USAGE}`);
}
