import { readFileSync } from "node:fs";

/** The headers with which browsers call a server action of the built console; the body is a JSON list of what it takes. */
export function actionHeaders(exportedName: string): { "next-action": string; "content-type": string } {
  const manifest = JSON.parse(readFileSync(".next/server/server-reference-manifest.json", "utf8"));
  const found = Object.entries<{ exportedName: string }>(manifest.node).find(
    ([, action]) => action.exportedName === exportedName,
  );
  if (found === undefined) {
    throw new Error(`the console as it is built has no action ${exportedName}`);
  }
  return { "next-action": found[0], "content-type": "text/plain;charset=UTF-8" };
}
