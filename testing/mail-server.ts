import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";

/** A mail server on loopback that takes every mail and keeps its text. */
export class MailServer {
  readonly mails: string[] = [];
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on("connection", (socket) => void this.#receive(socket));
  }

  static async start(): Promise<MailServer> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new MailServer(server);
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** As much of RFC 5321 as a client needs that wants no extensions. */
  async #receive(socket: Socket): Promise<void> {
    socket.write("220 stand-in\r\n");
    let mail: string[] | null = null;
    for await (const line of createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (mail !== null && line !== ".") {
        mail.push(line);
      } else if (mail !== null) {
        this.mails.push(mail.join("\n"));
        mail = null;
        socket.write("250 kept\r\n");
      } else if (line.toUpperCase() === "DATA") {
        mail = [];
        socket.write("354 go on\r\n");
      } else if (line.toUpperCase() === "QUIT") {
        socket.end("221 bye\r\n");
      } else {
        socket.write("250 ok\r\n");
      }
    }
  }
}
