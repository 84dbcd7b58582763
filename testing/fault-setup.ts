import { randomInt } from "node:crypto";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** What every random choice of the fault tests comes from. */
    faultSeed: number;
    /** "short" within `npm test`; "full" for `npm run test:faults`. */
    faultForm: "short" | "full";
  }
}

/** Once per run of the fault tests: its seed, FAULT_SEED where a run is to be repeated, and its form. */
export function setup(project: TestProject): void {
  const { FAULT_SEED, FAULT_FORM } = process.env;
  const seed = FAULT_SEED === undefined ? randomInt(2 ** 32) : Number(FAULT_SEED);
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
    throw new Error(`FAULT_SEED is a whole number from 0 to ${2 ** 32 - 1}`);
  }
  project.provide("faultSeed", seed);
  project.provide("faultForm", FAULT_FORM === "full" ? "full" : "short");
}
