import { once } from "node:events";
import { type AddressInfo, createServer, connect as openConnection, type Server, type Socket } from "node:net";

/** Which way a piece of a connection's bytes goes. */
export type Direction = "to-server" | "to-client";

/** Told each piece before it is passed on, and waited for; it answers how many of its bytes go on, and fewer break the connection. */
export type OnPiece = (direction: Direction, piece: Buffer) => Promise<number>;

/**
 * Stands between a client and a server on loopback and passes bytes on, until a test wants it otherwise. The server may be gone or
 * another one by then: each connection asks for it anew.
 */
export class FaultProxy {
  readonly #server: Server;
  readonly #targetPort: number;
  readonly #onPiece: OnPiece;
  readonly #sockets = new Set<Socket>();

  private constructor(targetPort: number, onPiece: OnPiece) {
    this.#targetPort = targetPort;
    this.#onPiece = onPiece;
    this.#server = createServer((client) => this.#serve(client));
  }

  /** A proxy that listens on a free port of 127.0.0.1. */
  static async start(targetPort: number, onPiece: OnPiece): Promise<FaultProxy> {
    const proxy = new FaultProxy(targetPort, onPiece);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) {
      socket.destroy();
    }
    await once(this.#server, "close");
  }

  #serve(client: Socket): void {
    const server = openConnection(this.#targetPort, "127.0.0.1");
    const breakOff = () => {
      client.resetAndDestroy();
      server.resetAndDestroy();
    };
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", breakOff);
      socket.on("close", () => {
        this.#sockets.delete(socket);
        breakOff();
      });
    }
    this.#pass(client, server, "to-server").catch(breakOff);
    this.#pass(server, client, "to-client").catch(breakOff);
  }

  async #pass(from: Socket, to: Socket, direction: Direction): Promise<void> {
    for await (const piece of from as AsyncIterable<Buffer>) {
      const passed = await this.#onPiece(direction, piece);
      if (passed > 0) {
        to.write(piece.subarray(0, passed));
      }
      if (passed < piece.length) {
        throw new Error("broken off");
      }
    }
    to.end();
  }
}
