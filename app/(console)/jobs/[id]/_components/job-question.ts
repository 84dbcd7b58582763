import { parseAsStringLiteral } from "nuqs";
import { JOB_CONTROLS, type JobControl } from "./job-controls.ts";

/** What is done without a question. */
const UNASKED = ["verify", "download"] as const satisfies readonly JobControl[];

type AskedControl = Exclude<JobControl, (typeof UNASKED)[number]>;

const isAsked = (control: JobControl): control is AskedControl => !UNASKED.some((unasked) => unasked === control);

/** The control whose question is open, in the address of the job's page. */
export const askParser = parseAsStringLiteral(JOB_CONTROLS.filter(isAsked));
