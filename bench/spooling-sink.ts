import { createWriteStream } from "node:fs";
import { createServer } from "node:http";

// A sink in a process of its own that only takes: every request's body goes to the spool file as it came, with its
// compressed and raw size before it, and is answered with an empty 200. What arrived is looked at after the measurement.

const [spoolFile = ""] = process.argv.slice(2);
const spool = createWriteStream(spoolFile, { highWaterMark: 64 * 1024 * 1024 });

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks);
    const sizes = Buffer.alloc(8);
    sizes.writeUInt32LE(body.length, 0);
    sizes.writeUInt32LE(Number(request.headers["x-log-bodyrawsize"]), 4);
    spool.write(sizes);
    spool.write(body);
    response.writeHead(200, { "x-log-requestid": "spooled" }).end();
  });
});

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.({ port: typeof address === "object" ? address?.port : null });
});

process.on("SIGTERM", () => {
  server.close();
  server.closeAllConnections();
  spool.end();
});
