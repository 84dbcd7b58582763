import "server-only";
import type { PoolClient } from "pg";
import type { SinkTroubleDto } from "@/domain/history-job/schema.ts";
import {
  ASK_AGAIN_MS,
  circuitsInTurn,
  decideTurn,
  type OpenCircuit,
  type Trouble,
} from "@/domain/log-service/rules.ts";
import { Prisma, type SinkCircuit } from "@/prisma/generated/client.ts";
import { claimStatement, pool, prisma, type Transaction } from "@/server/db.ts";
import { entryHeldCondition, type HeldEntry } from "@/server/queue.ts";
import { inTransaction } from "@/server/transaction.ts";

/** A sink: the endpoint behind a log project. */
export type Sink = { readonly endpoint: string; readonly project: string };

/** Whether a claim may send: nothing is wrong with the sink; it has the turn and begins in `inMs`; it asks again after `ms`. */
export type Turn =
  | { readonly kind: "free" }
  | { readonly kind: "turn"; readonly inMs: number /** Failures in a row so far. */; readonly failures: number }
  | { readonly kind: "wait"; readonly ms: number };

/**
 * How long the turn of a claim is kept from the others, behind the moment it may begin, as long as the claim's entry is in its worker's
 * hands: a dead worker's turn ends with its entry. A little more than the longest request (server/sls/client.ts): less would let two claims
 * try at once.
 */
const TURN_LEASE_MS = 65_000;

/** Whether the claim that has the turn of a circuit may still be at work on it; names the circuit's row. */
function isHolderAlive(row: string): string {
  return `${row}.holder_until > clock_timestamp() AND ${entryHeldCondition(`${row}.holder_entry_id`, `${row}.holder_retry_count`)}`;
}

/**
 * The longest planned gap between two tries of a project is the longest Retry-After with the longest jitter, six minutes. Behind a gap of
 * more than this nobody was trying (paused, no worker), and the six hours begin again: to count the night in which
 * all workers were off would fail a job that has not been tried.
 */
const GAP_MS_MAX = 15 * 60_000;

/** Whether the sink has no open circuit: one indexed read, asked before each send. */
export async function isSinkFree({ endpoint, project }: Sink): Promise<boolean> {
  const { rows } = await pool().query(
    claimStatement(
      `SELECT FROM sink_circuit WHERE endpoint = $1 AND project = $2`,
      [endpoint, project],
      "is-sink-free",
    ),
  );
  return rows.length === 0;
}

/**
 * Takes the turn to try a sink in trouble, if it is there to be taken. The circuits of the endpoint are locked together, so of
 * many who ask at once one gets it. It ends with noteFailure, closeCircuit or giveTurnBack, with its lease, or with the entry.
 * @param holder names the claim
 * @param entry the one that the claim is of
 */
export async function takeTurn(sink: Sink, holder: string, entry: Pick<HeldEntry, "id" | "retryCount">): Promise<Turn> {
  return inTransaction(async (client) => {
    const { own, mates } = await lockCircuits(client, sink);
    if (own === undefined) {
      return { kind: "free" };
    }
    const decision = decideTurn(own.now, own, mates);
    if (decision.kind === "turn") {
      const begin = new Date(own.now.getTime() + decision.inMs);
      const lastTriedAt = new Date(Math.max(...circuitsInTurn(own, mates).map(({ triedAt }) => triedAt.getTime())));
      // A claim that was frozen meanwhile has lost its entry, and nobody would be kept away while it tries.
      const { rowCount } = await client.query(
        claimStatement(
          `UPDATE sink_circuit c
         SET holder = $3, holder_until = $4::timestamptz + $5 * interval '1 ms', holder_entry_id = $8, holder_retry_count = $9,
           ${countSilence("$4::timestamptz", "$6", "$7::timestamptz")}
         WHERE endpoint = $1 AND project = $2 AND ${entryHeldCondition("$8", "$9")}`,
          [
            sink.endpoint,
            sink.project,
            holder,
            begin,
            TURN_LEASE_MS,
            GAP_MS_MAX,
            lastTriedAt,
            entry.id,
            entry.retryCount,
          ],
        ),
      );
      return rowCount === 0 ? { kind: "wait", ms: ASK_AGAIN_MS } : { ...decision, failures: own.failures };
    }
    return decision;
  });
}

/**
 * Adds the time since its last try to what the sink, row c, has been silent, and makes this moment the last try. Of many projects
 * that share one try each waits long for its turn, and the endpoint was tried all the while: the silence begins again only when
 * none of them was, and no wait counts for more than the longest gap, because the job may have been paused meanwhile.
 */
function countSilence(at: string, gapMax: string, lastTriedAt = "c.tried_at"): string {
  return `tried_at = ${at}, silent_ms = CASE
    WHEN ${at} - ${lastTriedAt} > ${gapMax} * interval '1 ms' THEN 0
    ELSE c.silent_ms + least(${gapMax}, greatest(0, round(extract(epoch FROM ${at} - c.tried_at) * 1000))) END`;
}

type CircuitRow = OpenCircuit & {
  readonly project: string;
  readonly failures: number;
  /** The database's time. */
  readonly now: Date;
};

/** The circuits of an endpoint, locked in one order, as they are then. */
async function lockCircuits(client: PoolClient, { endpoint, project }: Sink) {
  await client.query(
    claimStatement("SELECT FROM sink_circuit WHERE endpoint = $1 ORDER BY project FOR UPDATE", [endpoint]),
  );
  // A statement of its own: the one above may have waited for its rows, with the time and the entries from before.
  const { rows } = await client.query<CircuitRow>(
    claimStatement(
      `SELECT project, cause, failures, tried_at AS "triedAt", retry_at AS "retryAt", clock_timestamp() AS now,
       CASE WHEN ${isHolderAlive("c")} THEN holder_until END AS "holderUntil"
     FROM sink_circuit c WHERE endpoint = $1 ORDER BY project`,
      [endpoint],
    ),
  );
  return { own: rows.find((row) => row.project === project), mates: rows.filter((row) => row.project !== project) };
}

/**
 * Notes a failure that may pass and ends the holder's turn: the next try is not before `restMs` from now. The first failure of a
 * sink opens its circuit. Only the request that had the turn adds to a circuit that is open; failures of requests that were
 * under way when it opened tell nothing new.
 * @param holder the claim, when it had the turn for this request; null for a request that was sent without one. A claim may
 *   have sent one of those, too, and then taken the turn: its late failure must not end that.
 * @returns for how long workers have now tried without an acceptance
 */
export async function noteFailure(
  { endpoint, project }: Sink,
  holder: string | null,
  { cause, code, message }: Trouble,
  restMs: number,
): Promise<{ readonly silentMs: number }> {
  const { rows } = await pool().query<{ silent_ms: number }>(
    claimStatement(
      `INSERT INTO sink_circuit AS c (endpoint, project, cause, code, message, tried_at, retry_at)
     VALUES ($1, $2, $4, $5, $6, clock_timestamp(), clock_timestamp() + $7 * interval '1 ms')
     ON CONFLICT (endpoint, project) DO UPDATE
     SET cause = excluded.cause, code = excluded.code, message = excluded.message, failures = c.failures + 1,
       retry_at = excluded.retry_at, holder = NULL, holder_until = NULL,
       ${countSilence("excluded.tried_at", "$8")}
     WHERE c.holder = $3
     RETURNING silent_ms`,
      [endpoint, project, holder, cause, code, message, restMs, GAP_MS_MAX],
    ),
  );
  return { silentMs: rows[0]?.silent_ms ?? 0 };
}

/**
 * The sink has answered the claim that has the turn like a healthy one: its circuit is closed. Other projects of the endpoint
 * whose trouble was the endpoint's are tried at once, too. A claim whose turn is another's by now changes nothing: it was frozen, and
 * its answer is about a time that has passed. Safe to repeat.
 */
export async function closeCircuit(sink: Sink, holder: string): Promise<void> {
  await inTransaction(async (client) => {
    await lockCircuits(client, sink);
    const { rowCount } = await client.query(
      claimStatement(`DELETE FROM sink_circuit WHERE endpoint = $1 AND project = $2 AND holder = $3`, [
        sink.endpoint,
        sink.project,
        holder,
      ]),
    );
    if (rowCount === 0) {
      return;
    }
    await client.query(
      claimStatement(
        `UPDATE sink_circuit SET retry_at = clock_timestamp()
       WHERE endpoint = $1 AND cause = 'endpoint' AND retry_at > clock_timestamp()`,
        [sink.endpoint],
      ),
    );
  });
}

/** Ends a turn that came to no answer, because its claim was left. Safe to repeat. */
export async function giveTurnBack({ endpoint, project }: Sink, holder: string): Promise<void> {
  await pool().query(
    claimStatement(
      `UPDATE sink_circuit SET holder = NULL, holder_until = NULL WHERE endpoint = $1 AND project = $2 AND holder = $3`,
      [endpoint, project, holder],
    ),
  );
}

/**
 * When it makes sense to give a worker an entry for this sink again, in the database's time; null while nothing is wrong with
 * it. While a claim has the turn others would come in vain, so that they ask again only after a few seconds.
 */
export async function findRetryAt(tx: Transaction, { endpoint, project }: Sink): Promise<Date | null> {
  const rows = await tx.$queryRaw<{ retry_at: Date }[]>`
    SELECT greatest(c.retry_at, clock_timestamp() + CASE WHEN EXISTS (
        SELECT FROM sink_circuit h
        WHERE h.endpoint = c.endpoint AND ${Prisma.raw(isHolderAlive("h"))}
          AND (h.project = c.project OR (h.cause = 'endpoint' AND c.cause = 'endpoint'))
      ) THEN ${ASK_AGAIN_MS} * interval '1 ms' ELSE interval '1 second' END) AS retry_at
    FROM sink_circuit c
    WHERE c.endpoint = ${endpoint} AND c.project = ${project}`;
  return rows[0]?.retry_at ?? null;
}

/** What is wrong with a sink, for people; null while nothing is. */
export async function findSinkTrouble({ endpoint, project }: Sink): Promise<SinkTroubleDto | null> {
  const row = await prisma().sinkCircuit.findUnique({ where: { endpoint_project: { endpoint, project } } });
  return row && toSinkTroubleDto(row);
}

/** What an open circuit's row says for people. */
export type CircuitFacts = Pick<SinkCircuit, "openedAt" | "triedAt" | "retryAt" | "failures" | "code" | "message">;

export function toSinkTroubleDto({
  openedAt,
  triedAt,
  retryAt,
  failures,
  code,
  message,
}: CircuitFacts): SinkTroubleDto {
  return {
    openedAt: openedAt.toISOString(),
    triedAt: triedAt.toISOString(),
    retryAt: retryAt.toISOString(),
    failures,
    code,
    message,
  };
}
