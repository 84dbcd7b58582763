import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What policy.spec.ts does on purpose. */
const OWN = /^(?=.*script-src-attr)(?=.*\/sign-in)/;

/**
 * What browsers have reported of breaches of the content security policy, as the product's log has it: those that no test may cause, and the
 * one that a test does on purpose.
 */
export function readBreachReports(): { readonly unexpected: readonly string[]; readonly own: readonly string[] } {
  const log = readFileSync(join(process.env.DATA_DIR ?? "", "logs/web.log"), "utf8");
  const reports = log.split("\n").filter((line) => line.includes("content security policy breached"));
  return { unexpected: reports.filter((line) => !OWN.test(line)), own: reports.filter((line) => OWN.test(line)) };
}
