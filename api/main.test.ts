import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { request } from "undici";
import { describe, expect, it } from "vitest";
import { findFreePort, startProduct } from "@/testing/product-process.ts";

describe("the api process", () => {
  it("answers when it says that it is ready, and ends in order when it is asked to", async () => {
    const port = await findFreePort();
    const api = await startProduct("api/main.ts", { API_PORT: String(port) });
    try {
      const { statusCode } = await request(`http://127.0.0.1:${port}/readyz`);
      expect(statusCode).toBe(200);
    } finally {
      await api.stop();
    }
    await expect(request(`http://127.0.0.1:${port}/readyz`)).rejects.toThrow("ECONNREFUSED");
  });

  it("ends when its launcher is gone", async () => {
    const { child, port } = await spawnApi();
    await once(child, "message");
    child.disconnect();
    expect(await once(child, "exit")).toEqual([0, null]);
    await expect(request(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow("ECONNREFUSED");
  });

  it("names a port that is taken and ends with code 1", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const address = taken.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const { child } = await spawnApi({ API_PORT: String(port) });
    const output = collect(child);
    expect(await once(child, "exit")).toEqual([1, null]);
    expect(await output).toContain(`Nothing can listen on 127.0.0.1, port ${port}`);
    taken.close();
  });
});

async function spawnApi(settings: Record<string, string> = {}) {
  const port = await findFreePort();
  const child = spawn(process.execPath, ["-C", "react-server", "--import", "tsx", "api/main.ts"], {
    env: { ...process.env, LOG_LEVEL: "info", API_PORT: String(port), ...settings },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  return { child, port };
}

async function collect(child: { readonly stdout: AsyncIterable<Buffer> | null }): Promise<string> {
  let output = "";
  for await (const chunk of child.stdout ?? []) {
    output += chunk;
  }
  return output;
}
