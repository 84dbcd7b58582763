import { ENGINE_SENTENCES } from "@/domain/history-job/engine-sentences.ts";
import type { PutLogsAnswer } from "@/domain/log-service/log-service.ts";
import { isGivenUp, sinkRestMs, type Trouble, troubleOf, verdictOn } from "@/domain/log-service/rules.ts";
import type { Failure } from "@/server/history-job/slices.ts";
import type { Turn } from "@/server/log-service/circuit.ts";
import type { Batch } from "./batch.ts";
import type { SliceOutcome } from "./delivery-ports.ts";
import type { SliceDelivery } from "./slice-delivery.ts";

/** What came of a request: an answer that decides; trouble that may pass and is noted at the circuit; or no request at all. */
type Requested =
  | { readonly kind: "answered"; readonly answer: Exclude<PutLogsAnswer, { kind: "unanswered" }> }
  | { readonly kind: "trouble" }
  | SliceOutcome;

/**
 * Makes one request as soon as the sink's circuit lets this claim: at once while nothing is wrong with the sink. Else only one
 * request may be on its way, so a piece first waits until all before it are saved; and when another claim has the turn, or
 * the turn is not soon, the delivery ends with "sink-in-trouble". What the answer means for the circuit is noted before
 * it is returned.
 */
export async function requestInTurn(
  delivery: SliceDelivery,
  batch: Batch,
  front: Promise<SliceOutcome | null>,
): Promise<Requested> {
  const { ports, signals } = delivery;
  const turn = await waitForTurn(delivery, front);
  if (turn.kind !== "free" && turn.kind !== "turn") {
    return turn;
  }
  let hasTurn = turn.kind === "turn";
  try {
    if (signals.tries.aborted) {
      return { kind: "handed-back" };
    }
    const answer = await ports.send(batch, signals.request).catch(nullOnAbort(signals.request));
    if (answer === null) {
      return { kind: "handed-back" };
    }
    if (answer.kind === "unanswered" || (answer.kind === "refused" && verdictOn(answer) === "retry")) {
      const given = await noteTrouble(delivery, troubleOf(answer), turn);
      hasTurn = false;
      return given;
    }
    if (hasTurn) {
      await ports.circuit.close();
      hasTurn = false;
    }
    return { kind: "answered", answer };
  } finally {
    if (hasTurn) {
      // Should this fail, the turn ends with the entry.
      await ports.circuit.giveTurnBack().catch(() => undefined);
    }
  }
}

type OwnTurn = Extract<Turn, { kind: "free" | "turn" }>;

async function waitForTurn(
  { ports, signals }: SliceDelivery,
  front: Promise<SliceOutcome | null>,
): Promise<OwnTurn | SliceOutcome> {
  if (await ports.circuit.isFree()) {
    return { kind: "free" };
  }
  const before = await front;
  if (before !== null) {
    return before;
  }
  const turn = await ports.circuit.takeTurn();
  if (turn.kind === "wait") {
    return { kind: "sink-in-trouble" };
  }
  if (turn.kind === "turn" && turn.inMs > 0) {
    await ports.sleep(turn.inMs, signals.tries);
  }
  return turn;
}

async function noteTrouble({ claim, ports }: SliceDelivery, trouble: Trouble, turn: OwnTurn): Promise<Requested> {
  const failures = turn.kind === "turn" ? turn.failures + 1 : 1;
  const { silentMs } = await ports.circuit.noteFailure(
    trouble,
    sinkRestMs(failures, ports.random, trouble.retryAfterMs),
    turn.kind === "turn",
  );
  return isGivenUp(silentMs, claim.runningMs)
    ? { kind: "stop-job", failure: noAcknowledgement(trouble) }
    : { kind: "trouble" };
}

function noAcknowledgement({ code, message }: Trouble): Failure {
  const { coded, noAcknowledgement: sentence } = ENGINE_SENTENCES;
  return { code: "NoAcknowledgement", message: sentence(coded(code, message)) };
}

function nullOnAbort(signal: AbortSignal): (error: unknown) => null {
  return (error) => {
    if (signal.aborted) {
      return null;
    }
    throw error;
  };
}
