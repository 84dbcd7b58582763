import { pool } from "@/server/db.ts";

/** How long a test waits in vain. */
const WAIT_MS = 50;

/**
 * Takes every connection of this process, and lets whoever asks for one wait a moment instead of seconds.
 * @returns gives all of it back
 */
export async function takeAllConnections(): Promise<() => void> {
  const { options } = pool();
  const { max, connectionTimeoutMillis } = options;
  const taken = await Promise.all(Array.from({ length: max }, () => pool().connect()));
  options.connectionTimeoutMillis = WAIT_MS;
  return () => {
    options.connectionTimeoutMillis = connectionTimeoutMillis;
    for (const client of taken) {
      client.release();
    }
  };
}
