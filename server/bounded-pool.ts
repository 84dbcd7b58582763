import "server-only";
import { Pool, type PoolClient } from "pg";
import { DomainError } from "@/domain/errors.ts";
import { log } from "./log.ts";

/** What pg says, in words alone, when the time for a connection is over: none came free, or a new one was not there in time. */
const TIME_IS_OVER = ["timeout exceeded when trying to connect", "Connection terminated due to connection timeout"];

/** No connection came in time. Without a `code`, which Prisma would take for one of the database's and hide the error behind its own. */
export class NoConnectionError extends Error {
  override readonly name = "NoConnectionError";
}

/** What an edge answers for something thrown: who waited in vain for a connection has met a busy service and not a fault. */
export function asRefusal(thrown: unknown): unknown {
  return thrown instanceof NoConnectionError ? new DomainError("ServiceUnavailable", {}, { cause: thrown }) : thrown;
}

type Connected = (error: Error | undefined, client: PoolClient | undefined, done: (release?: unknown) => void) => void;

/**
 * A pool that says what it is when `connectionTimeoutMillis` is over: it throws NoConnectionError wherever pg's own throws for want of
 * time, through Prisma too.
 */
export class BoundedPool extends Pool {
  override connect(): Promise<PoolClient>;
  override connect(callback: Connected): void;
  override connect(callback?: Connected): Promise<PoolClient> | undefined {
    if (callback === undefined) {
      return super.connect().catch((error: unknown) => {
        throw this.#translated(error);
      });
    }
    super.connect((error, client, done) => callback(error && this.#translated(error), client, done));
    return undefined;
  }

  #translated<Thrown>(error: Thrown): Thrown | NoConnectionError {
    if (!(error instanceof Error) || !TIME_IS_OVER.includes(error.message)) {
      return error;
    }
    log.warn({ connections: this.totalCount, waiting: this.waitingCount }, "no database connection in time");
    return new NoConnectionError("no database connection came free in time", { cause: error });
  }
}
