import { beforeEach, inject } from "vitest";
import { SeededRandom } from "./seeded-random.ts";

// Loaded before each file of fault tests: a test that fails says how to have the same random choices again.

beforeEach(({ task, onTestFailed }) => {
  onTestFailed(() => {
    const form = inject("faultForm");
    process.stderr.write(
      `Again with: FAULT_SEED=${inject("faultSeed")} FAULT_FORM=${form} npm run test:faults -- ${task.file.name}\n`,
    );
  });
});

/** Random choices for one purpose, the same in every run with the same seed, whatever else runs beside it. */
export function randomFor(purpose: string): SeededRandom {
  return new SeededRandom(`${inject("faultSeed")} ${purpose}`);
}

/** The first in `npm test`, which has little time, the second in `npm run test:faults`. */
export function inForm<T>(choices: { readonly short: T; readonly full: T }): T {
  return choices[inject("faultForm")];
}

/** How many workers a test has at work at once, where it does not matter to it: FAULT_WORKERS, or two. */
export const WORKERS = Number(process.env.FAULT_WORKERS ?? 2);

/** The same of web and api processes: FAULT_WEBS and FAULT_APIS, or one each. */
export const WEBS = Number(process.env.FAULT_WEBS ?? 1);
export const APIS = Number(process.env.FAULT_APIS ?? 1);
