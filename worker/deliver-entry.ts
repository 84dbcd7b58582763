import { setTimeout as delay } from "node:timers/promises";
import { ENGINE_SENTENCES } from "@/domain/history-job/engine-sentences.ts";
import { stateAtEnd } from "@/domain/history-job/rules.ts";
import { UnreadableSecretError } from "@/server/access/secrets.ts";
import { askPace } from "@/server/history-job/pace.ts";
import { readPage, readUndeliverable } from "@/server/history-job/pages.ts";
import { failJob, settleAfterEntry, settleIfFree } from "@/server/history-job/settle.ts";
import {
  beginDelivery,
  checkHold,
  endSlice,
  failSlice,
  type Hold,
  type SliceClaim,
  saveResent,
  saveRetried,
  stopSlice,
} from "@/server/history-job/slices.ts";
import { log } from "@/server/log.ts";
import { closeCircuit, giveTurnBack, isSinkFree, noteFailure, takeTurn } from "@/server/log-service/circuit.ts";
import type { HeldEntry } from "@/server/queue.ts";
import { putLogs, type SlsTarget } from "@/server/sls/client.ts";
import { BATCH_LIMITS } from "./batch.ts";
import { databaseNow } from "./database-clock.ts";
import { deliverSlice } from "./deliver-slice.ts";
import type { CircuitPorts, DeliveryPorts, SliceOutcome } from "./delivery-ports.ts";
import { EntryClaims } from "./entry-claims.ts";
import { EntryStay } from "./entry-stay.ts";
import { EntryTarget } from "./entry-target.ts";

/**
 * For so long it counts that at the claim the sink was well and the job had no ceiling, and its first piece goes out without asking once
 * more: enough to read a page, and a tenth of the second that a sink in trouble has between two tries, or in which a new ceiling acts.
 */
const CLAIM_ANSWERS_MS = 100;

/** How often a claim looks whether it is still wanted, whatever it waits for; "cancel" promises 10 s. */
const HOLD_CHECK_MS = 2_000;

/**
 * Delivers the slices that name this entry, one after the other, then settles their job: the next run gets an entry, or the
 * job ends. A claim that is handed back ends the entry, too: to claim the slice again at once would meet what it was handed
 * back for. Rejects on a fault of ours or of the database; the queue then gives the entry to a worker again, and what has
 * been saved is not lost.
 */
export async function deliverEntry(entry: HeldEntry, workerName: string, isShuttingDown: () => boolean): Promise<void> {
  const stay = new EntryStay(entry, isShuttingDown);
  const claims = new EntryClaims(entry, workerName);
  const sink = new EntryTarget();
  try {
    await beginDelivery(entry);
    while (await stay.goesOn()) {
      const claim = await claims.next();
      if (claim === null) {
        break;
      }
      const outcome = await deliverClaim(claim, claims, entry.signal, sink, stay);
      log.debug({ jobId: claim.jobId, region: claim.region, day: claim.day, outcome }, "slice left");
      if ((await endClaim(claim, outcome)) === "handed-back") {
        break;
      }
      if (outcome.kind !== "ended") {
        // Paused, say, while its last progress was being saved.
        claims.leaveNext();
      }
      stay.noteProgress();
    }
  } finally {
    stay.end();
  }
  await settleAfterEntry(entry);
}

async function deliverClaim(
  claim: SliceClaim,
  claims: EntryClaims,
  signal: AbortSignal,
  sink: EntryTarget,
  stay: EntryStay,
): Promise<SliceOutcome> {
  const { projectName, projectRegion } = claim;
  const target = await sink.of(claim).catch((error: unknown) => {
    if (!(error instanceof UnreadableSecretError)) {
      throw error;
    }
    log.error({ jobId: claim.jobId, err: error }, "a log project's key cannot be read");
    return "key-unreadable" as const;
  });
  if (target === "key-unreadable") {
    // No other try would fare better: only a person can give the key again, or the BACKTRAIL_SECRET that it was stored under.
    const message = ENGINE_SENTENCES.keyUnreadable(projectName, projectRegion);
    return { kind: "stop-job", failure: { code: "KeyUnreadable", message } };
  }
  if (target === null) {
    const message = ENGINE_SENTENCES.unknownProject(projectName, projectRegion);
    return { kind: "stop-job", failure: { code: "ProjectNotExist", message } };
  }
  return deliverSlice(claim, portsFor(claim, claims, target, stay, signal), signal);
}

function portsFor(
  claim: SliceClaim,
  claims: EntryClaims,
  target: SlsTarget,
  stay: EntryStay,
  signal: AbortSignal,
): DeliveryPorts {
  const leaving = new AbortController();
  const restSignal = AbortSignal.any([signal, leaving.signal]);
  return {
    readPage: async (after) => {
      await stay.makeRoom((ms) => sleep(ms, restSignal));
      return readPage(claim, after, BATCH_LIMITS);
    },
    readUndeliverable: (after) => readUndeliverable(claim, after, BATCH_LIMITS),
    send: (batch, signal) => putLogs(target, claim.logstoreName, batch.logGroup, { signedAt: databaseNow(), signal }),
    saveProgress: async (progress) => {
      const hold = await claims.save(claim, progress, !stay.isOver);
      if (progress.isAccepted) {
        // A log refused alone is none yet: twenty of them in a row fail the slice, and the row ends with the claim.
        stay.noteProgress();
      }
      return hold;
    },
    saveRetried: async (progress) => {
      const hold = await saveRetried(claim, progress);
      stay.noteProgress();
      return hold;
    },
    saveResent: (resent) => saveResent(claim, resent),
    watchHold: async (signal) => {
      const hold = await watchHold(claim, signal);
      // A rest that went on would come on top of what "cancel" waits for.
      leaving.abort();
      return hold;
    },
    askPace: paceFor(claim),
    circuit: circuitFor(claim, claims.entry, target),
    sleep,
    random: Math.random,
    now: databaseNow,
    wantsHandBack: () => stay.isOver,
  };
}

/** askPace, whose answer the claim has brought for its first piece: a day with ten events is delivered in less time than the asking takes. */
function paceFor(claim: SliceClaim): DeliveryPorts["askPace"] {
  let isFirst = true;
  return async (events) => {
    const isKnown = isFirst && !claim.hasCeiling && isFresh(claim);
    isFirst = false;
    return isKnown ? { kind: "go" } : askPace(claim.jobId, events);
  };
}

function circuitFor(claim: SliceClaim, entry: HeldEntry, { endpoint, project }: SlsTarget): CircuitPorts {
  const sink = { endpoint, project };
  let isFirst = true;
  const holder = `${claim.jobId}/${claim.day}/${claim.region}/${claim.attempt}`;
  return {
    isFree: async () => {
      const isKnown = isFirst && claim.isSinkFree && isFresh(claim);
      isFirst = false;
      return isKnown || isSinkFree(sink);
    },
    takeTurn: () => takeTurn(sink, holder, entry),
    noteFailure: (trouble, restMs, hadTurn) => noteFailure(sink, hadTurn ? holder : null, trouble, restMs),
    close: async () => {
      await closeCircuit(sink, holder);
      // The job's other slices come back now and not with the next sweep, which would do it should this fail.
      await settleIfFree(claim.jobId).catch(() => undefined);
    },
    giveTurnBack: () => giveTurnBack(sink, holder),
  };
}

/** Whether what the claim says of its job's ceiling and its sink is still true enough to act by. */
function isFresh(claim: SliceClaim): boolean {
  return performance.now() - claim.askedAt < CLAIM_ANSWERS_MS;
}

async function watchHold(claim: SliceClaim, signal: AbortSignal): Promise<Hold> {
  for (;;) {
    await sleep(HOLD_CHECK_MS, signal);
    if (signal.aborted) {
      return "held";
    }
    // A fault of the database is met by whoever saves next; to watch is no reason to end a delivery.
    const hold = await checkHold(claim).catch((): Hold => "held");
    if (hold !== "held") {
      return hold;
    }
  }
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}

/** What becomes of a claim, per kind of outcome: the worker's one table. A claim that is handed back is settled, not ended. */
async function endClaim(claim: SliceClaim, outcome: SliceOutcome): Promise<"ended" | "handed-back"> {
  switch (outcome.kind) {
    case "read-to-end":
      await endSlice(claim, stateAtEnd(outcome.ledger));
      return "ended";
    case "fail-slice":
      log.warn({ jobId: claim.jobId, region: claim.region, day: claim.day, ...outcome.failure }, "slice failed");
      await failSlice(claim, outcome.failure);
      return "ended";
    case "stop-job":
      log.warn({ jobId: claim.jobId, ...outcome.failure }, "job fails");
      await failJob(claim, outcome.failure);
      await stopSlice(claim);
      return "ended";
    case "stop":
      await stopSlice(claim);
      return "ended";
    case "ended":
    case "lost":
      return "ended";
    case "paused":
    case "sink-in-trouble":
    case "handed-back":
      return "handed-back";
  }
}
