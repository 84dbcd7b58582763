import { createWriteStream } from "node:fs";
import { createServer } from "node:http";

// A sink in a process of its own that only takes: every request's body goes to the spool file, if there is one, as it came, with its
// size before it and its size before compression, 0 where it is not compressed; and is answered with an empty 200, at once or later.
// What arrived is looked at after the measurement.

const [spoolFile = "", answerMs = "0"] = process.argv.slice(2);
const spool = spoolFile === "" ? null : createWriteStream(spoolFile, { highWaterMark: 64 * 1024 * 1024 });

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    if (spool !== null) {
      const body = Buffer.concat(chunks);
      const isCompressed = request.headers["x-log-compresstype"] !== undefined;
      const sizes = Buffer.alloc(8);
      sizes.writeUInt32LE(body.length, 0);
      sizes.writeUInt32LE(isCompressed ? Number(request.headers["x-log-bodyrawsize"]) : 0, 4);
      spool.write(sizes);
      spool.write(body);
    }
    const answer = () => response.writeHead(200, { "x-log-requestid": "taken" }).end();
    if (answerMs === "0") {
      answer();
    } else {
      setTimeout(answer, Number(answerMs));
    }
  });
});

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.({ port: typeof address === "object" ? address?.port : null });
});

process.on("SIGTERM", () => {
  server.close();
  server.closeAllConnections();
  spool?.end();
});
