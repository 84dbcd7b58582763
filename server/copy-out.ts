import "server-only";
import type { Connection, Pool, Submittable } from "pg";

/**
 * Runs a `COPY … TO STDOUT` and hands on each of its messages, which are its rows, as they stand in the buffer that came from the
 * network: `onMessage` has to take what it needs of one before it returns, and must not throw.
 */
export async function copyOut(pool: Pool, text: string, onMessage: (bytes: Buffer) => void): Promise<void> {
  const client = await pool.connect();
  try {
    await new Promise<void>((resolve, reject) => {
      client.query(new CopyOut(text, onMessage, (error) => (error ? reject(error) : resolve())));
    });
  } catch (error) {
    // Whatever state the connection is in, what is left of the COPY ends with it.
    client.release(true);
    throw error;
  }
  client.release();
}

/** What `pg` asks of a statement that is none of its own kinds. It has no COPY. */
class CopyOut implements Submittable {
  /** Replaced by `pg`, which adds its bound on the time. */
  callback: (error: Error | null) => void;
  readonly #text: string;
  readonly #onMessage: (bytes: Buffer) => void;

  constructor(text: string, onMessage: (bytes: Buffer) => void, callback: (error: Error | null) => void) {
    this.#text = text;
    this.#onMessage = onMessage;
    this.callback = callback;
  }

  submit(connection: Connection): void {
    connection.query(this.#text);
  }

  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    this.#onMessage(chunk);
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.callback(null);
  }

  handleError(error: Error): void {
    this.callback(error);
  }
}
