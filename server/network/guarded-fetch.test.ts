import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { provideSettings } from "@/server/env.ts";
import { guardFetch } from "./guarded-fetch.ts";

let server: Server;
let origin: string;
let connections: number;

beforeEach(async () => {
  connections = 0;
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://localhost");
    response.writeHead(pathname === "/moved" ? 302 : 200, { location: "/there" }).end("answered");
  });
  server.on("connection", () => connections++);
  await once(server.listen(0, "127.0.0.1"), "listening");
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  provideSettings({ PRIVATE_ENDPOINTS: "" });
  guardFetch([]);
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function reach(address: string, init?: RequestInit): Promise<string> {
  const response = await fetch(address, init);
  return await response.text();
}

it.each(["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433"])("goes nowhere inside, as %s", async (host) => {
  const error = await reach(origin.replace("127.0.0.1", host)).catch(({ cause }: Error) => cause);
  expect(error).toMatchObject({ name: "InwardAddressError" });
  expect(connections).toBe(0);
});

it("goes where the operator permits it, and follows no redirect from there, whatever the caller wants", async () => {
  provideSettings({ PRIVATE_ENDPOINTS: "127.0.0.1/32" });
  expect(await reach(`${origin}/there`)).toBe("answered");
  for (const redirect of ["follow", "manual"] as const) {
    const error = await reach(`${origin}/moved`, { redirect }).catch(({ cause }: Error) => cause);
    expect(error).toMatchObject({ message: expect.stringContaining("redirect") });
  }
  expect(connections).toBeGreaterThan(0);
});

it("goes to this process itself", async () => {
  guardFetch([origin]);
  expect(await reach(`${origin}/moved`)).toBe("answered");
});
