import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createPlainServer } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectedAuthorization } from "@/testing/sls-signature.ts";
import { putLogs } from "./client.ts";
import { LogGroupWriter } from "./log-group.ts";

// A log service over TLS, as the real one is: its certificate is for the project's host name, from an authority of our own, and it takes
// only what its one key has signed, which it computes by itself.

const PROJECT = "audit-archive";
const KEY = { region: "cn-hangzhou", accessKeyId: "LTAItest", accessKeySecret: "secret" };
const servers: Server[] = [];
let folder: string;
let names: string[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "backtrail-tls-"));
  makeAuthority("trusted");
  makeAuthority("unknown");
  setDefaultCACertificates([...getCACertificates("default"), readFileSync(join(folder, "trusted.pem"), "utf8")]);
});

afterAll(() => {
  for (const server of servers) {
    server.close();
  }
  rmSync(folder, { recursive: true, force: true });
});

function openssl(...args: string[]): void {
  execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });
}

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

function makeAuthority(name: string): void {
  openssl(
    "req",
    "-x509",
    ...NEW_KEY,
    "-days",
    "1",
    "-subj",
    `/CN=${name}`,
    "-keyout",
    `${name}.key`,
    "-out",
    `${name}.pem`,
  );
}

/** Begins to answer requests as SLS does, an empty 200 or a refusal for the signature, under a certificate for a name. */
async function listen(authority: string, name: string): Promise<string> {
  writeFileSync(join(folder, "names"), `subjectAltName=DNS:${name}`);
  openssl("req", "-new", ...NEW_KEY, "-subj", "/CN=log", "-keyout", "log.key", "-out", "log.csr");
  openssl(
    ...["x509", "-req", "-in", "log.csr", "-CA", `${authority}.pem`, "-CAkey", `${authority}.key`, "-CAcreateserial"],
    ...["-days", "1", "-extfile", "names", "-out", "log.pem"],
  );
  names = [];
  const [key, cert] = ["log.key", "log.pem"].map((file) => readFileSync(join(folder, file)));
  const server = createServer({ key, cert }, async (request, response) => {
    const { socket, headers, method = "", url: path = "" } = request;
    names.push(String((socket as TLSSocket & { servername: string }).servername), String(headers.host));
    const isSigned =
      headers.authorization === expectedAuthorization({ method, path, headers }, await buffer(request), KEY);
    response.setHeader("connection", "close").writeHead(isSigned ? 200 : 401);
    response.end(isSigned ? "" : '{"errorCode":"SignatureNotMatch","errorMessage":"signature is not matched"}');
  });
  return `https://localhost:${await portOf(server)}`;
}

async function portOf(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return (server.address() as AddressInfo).port;
}

function put(endpoint: string, key = KEY) {
  const logGroup = new LogGroupWriter({ topic: "", source: "", tags: [] }).finish();
  const options = { signedAt: new Date(), signal: new AbortController().signal };
  return putLogs({ ...key, endpoint, project: PROJECT, isBuiltIn: false }, "audit", logGroup, options);
}

describe("putLogs over TLS", () => {
  it("asks for the project by name, in the handshake and in the signed request, and is accepted", async () => {
    const endpoint = await listen("trusted", `${PROJECT}.localhost`);
    expect(await put(endpoint)).toEqual({ kind: "accepted", counts: null });
    expect(names).toEqual([`${PROJECT}.localhost`, `${PROJECT}.${new URL(endpoint).host}`]);
  });

  it.each<[string, Partial<typeof KEY>]>([
    ["secret", { accessKeySecret: "another" }],
    ["key", { accessKeyId: "LTAIother" }],
    ["region", { region: "cn-beijing" }],
  ])("is refused when it signs with another %s, and says so", async (_, other) => {
    const endpoint = await listen("trusted", `${PROJECT}.localhost`);
    expect(await put(endpoint, { ...KEY, ...other })).toMatchObject({
      kind: "refused",
      status: 401,
      code: "SignatureNotMatch",
    });
  });

  it("sends nothing to a server whose certificate is for another name, and says so", async () => {
    expect(await put(await listen("trusted", "log.example.com"))).toMatchObject({
      kind: "unanswered",
      message: expect.stringContaining("is for another name"),
    });
    expect(names).toEqual([]);
  });

  it("sends nothing to a server whose authority is not known, and says so", async () => {
    expect(await put(await listen("unknown", `${PROJECT}.localhost`))).toMatchObject({
      kind: "unanswered",
      message: expect.stringContaining("authority that is not trusted"),
    });
    expect(names).toEqual([]);
  });

  it("says of a server that speaks plain HTTP that it does not speak TLS", async () => {
    const port = await portOf(createPlainServer((_request, response) => response.end()));
    expect(await put(`https://localhost:${port}`)).toMatchObject({
      kind: "unanswered",
      message: expect.stringContaining("does not speak TLS"),
    });
  });
});
