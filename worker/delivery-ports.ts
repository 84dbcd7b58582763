import type { Ledger } from "@/domain/history-job/history-job.ts";
import type { PutLogsAnswer } from "@/domain/log-service/log-service.ts";
import type { Trouble } from "@/domain/log-service/rules.ts";
import type { Pace } from "@/server/history-job/pace.ts";
import type { Page, UndeliverablePage } from "@/server/history-job/pages.ts";
import type { EventKey, Failure, Hold, RetriedProgress, SliceProgress } from "@/server/history-job/slices.ts";
import type { Turn } from "@/server/log-service/circuit.ts";
import type { Batch } from "./batch.ts";

/** What the delivery of a slice needs from outside, so that tests can stand in for any of it. */
export type DeliveryPorts = {
  /** The events of the next batch behind the cursor; none when the slice is read to its end. */
  readPage(after: EventKey | null): Promise<Page>;
  /** In a retry: the next events that earlier runs could not deliver. */
  readUndeliverable(after: EventKey | null): Promise<UndeliverablePage>;
  /** One PutLogs request. Rejects only when the signal is aborted. */
  send(batch: Batch, signal: AbortSignal): Promise<PutLogsAnswer>;
  saveProgress(progress: SliceProgress): Promise<Hold>;
  saveRetried(progress: RetriedProgress): Promise<Hold>;
  saveResent(resent: number): Promise<void>;
  /** Resolves as soon as the claim no longer holds, with what became of it; "held" when the signal ends the watch. */
  watchHold(signal: AbortSignal): Promise<Hold>;
  /** Asks the job's ceiling to let so many events through. */
  askPace(events: number): Promise<Pace>;
  readonly circuit: CircuitPorts;
  /** Returns early when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Uniform in [0, 1). */
  random(): number;
  /** The time of a delivery, for logs that carry it. */
  now(): Date;
  /** Whether the worker wants to give the slice back: it is shutting down or has worked on its entry long enough. */
  wantsHandBack(): boolean;
};

/** The claim's view of its sink's circuit. */
export type CircuitPorts = {
  isFree(): Promise<boolean>;
  takeTurn(): Promise<Turn>;
  /** @param hadTurn whether the request that failed was sent in the claim's turn */
  noteFailure(trouble: Trouble, restMs: number, hadTurn: boolean): Promise<{ readonly silentMs: number }>;
  close(): Promise<void>;
  giveTurnBack(): Promise<void>;
};

/** Why the delivery of a slice ended. Progress up to there is saved; what becomes of the claim is the caller's to do. */
export type SliceOutcome =
  | { readonly kind: "read-to-end"; readonly ledger: Ledger }
  /** Read to its end, too, and ended together with its last progress. */
  | { readonly kind: "ended" }
  | { readonly kind: "fail-slice" | "stop-job"; readonly failure: Failure }
  /** Handed back: to go on later, because the worker, the job or the sink wants it so. */
  | { readonly kind: "stop" | "lost" | "paused" | "sink-in-trouble" | "handed-back" };
