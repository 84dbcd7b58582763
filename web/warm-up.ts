import { get } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { listOwnAccounts } from "@/server/access/queries.ts";
import { loopbackOf } from "./loopback.ts";

/**
 * An address of each page, those that people begin at first. What they name need not be there: nobody is signed in here, and who is not is sent
 * away only once the page's code has been loaded.
 */
const PAGES = [
  "/sign-in",
  "/trails",
  "/trails/none",
  "/jobs",
  "/jobs/1",
  "/events",
  "/destinations",
  "/destinations/none/none/none",
  "/audit",
  "/people",
  "/access-keys",
  "/security",
  "/api-explorer",
];

/** No person's id. Their accounts are asked for as every page does of who opens it, by the typed client. */
const NOBODY = "00000000-0000-0000-0000-000000000000";

/**
 * Twice what it takes on a small machine. Longer would keep people from a console whose database does not answer, and which could tell them; shorter
 * leaves the rest to the first of them.
 */
const LIMIT_MS = 5_000;

/**
 * Loads what the first person to ask would have to wait for: Next evaluates a page's modules when it is asked for, the typed client its
 * compiler with the first statement, and the pool has no connection yet. Never rejects; who asks meanwhile is answered.
 * @param host where this process listens, and on which port
 */
export async function warmUp(host: string, port: number, limitMs = LIMIT_MS): Promise<void> {
  const warming = [listOwnAccounts(NOBODY), ...PAGES.map((path) => askFor(loopbackOf(host), port, path))];
  // A fault in here comes again for whoever asks, and is logged there.
  await Promise.race([Promise.allSettled(warming), delay(limitMs, undefined, { ref: false })]);
}

function askFor(host: string, port: number, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get({ host, port, path, headers: { accept: "text/html" } }, (response) => {
      response.resume().once("close", resolve);
    }).once("error", reject);
  });
}
