import { once } from "node:events";
import { globSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { warmUp } from "./warm-up.ts";

const CONSOLE = join(import.meta.dirname, "../app/(console)");

let server: Server;

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function listen(answer: RequestListener): Promise<number> {
  server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** The address of a page by its file, with a part that stands for anything as a star. */
function addressOf(file: string): string {
  return `/${file
    .replace(/\/page\.tsx$/, "")
    .replace(/\/\([^)]*\)/g, "")
    .replace(/\[\w+\]/g, "*")}`;
}

it("asks for every page of the console once", async () => {
  const asked: string[] = [];
  const port = await listen(({ url = "" }, response) => {
    asked.push(url);
    response.end();
  });
  await warmUp("0.0.0.0", port);
  const pages = globSync("**/page.tsx", { cwd: CONSOLE }).map(addressOf);
  const starred = asked.map((path) => path.replace(/\/(?:none|1)(?=\/|$)/g, "/*"));
  expect(starred.toSorted()).toEqual([...pages, "/sign-in"].toSorted());
});

it("is done although pages fail", async () => {
  const port = await listen((_request, response) => response.destroy());
  await expect(warmUp("127.0.0.1", port)).resolves.toBeUndefined();
});

it("does not wait for pages that never come", async () => {
  const port = await listen(() => undefined);
  const begun = performance.now();
  await warmUp("127.0.0.1", port, 100);
  expect(performance.now() - begun).toBeGreaterThanOrEqual(99);
});
