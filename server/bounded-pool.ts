import "server-only";
import { Pool, type PoolClient } from "pg";
import { DomainError } from "@/domain/errors.ts";
import { log } from "./log.ts";

/** What pg says, in words alone, when the time for a connection is over: none came free, or a new one was not there in time. */
const TIME_IS_OVER = ["timeout exceeded when trying to connect", "Connection terminated due to connection timeout"];

type Connected = (error: Error | undefined, client: PoolClient | undefined, done: (release?: unknown) => void) => void;

/**
 * A pool whose `connectionTimeoutMillis` ends with a refusal: who waits in vain meets a busy service and not a fault, and may try again.
 * It throws DomainError ServiceUnavailable wherever pg's own throws for want of time, through Prisma too.
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

  #translated<Thrown>(error: Thrown): Thrown | DomainError {
    if (!(error instanceof Error) || !TIME_IS_OVER.includes(error.message)) {
      return error;
    }
    log.warn({ connections: this.totalCount, waiting: this.waitingCount }, "no database connection in time");
    return new DomainError("ServiceUnavailable", {}, { cause: error });
  }
}
