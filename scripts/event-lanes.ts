import type { HistoryEvent } from "@/domain/event/event.ts";
import { RECORDING_EVENTS_MAX, RECORDING_LENGTH_MAX, type RecordedCounts } from "@/server/event/commands.ts";

/** Enough that the database writes while more is parsed; each more holds another transaction's events in memory. */
const LANES = 3;

type Lane = { batch: HistoryEvent[]; length: number; recording: Promise<void> };

/**
 * Records a stream of events in several transactions at once. Events of one id go the same lane, one transaction behind
 * the other, so that of two bodies with one identity the first in the stream is the one that stays.
 */
export class EventLanes {
  readonly counts = { recorded: 0, present: 0, conflicts: 0 };
  readonly #record: (events: readonly HistoryEvent[]) => Promise<RecordedCounts>;
  readonly #lanes: Lane[] = Array.from({ length: LANES }, () => ({
    batch: [],
    length: 0,
    recording: Promise.resolve(),
  }));

  constructor(record: (events: readonly HistoryEvent[]) => Promise<RecordedCounts>) {
    this.#record = record;
  }

  /**
   * Takes an event. A promise says that the caller is ahead of the database and has to wait for it; it rejects when an
   * earlier transaction of the lane has failed.
   */
  add(event: HistoryEvent): Promise<void> | null {
    const lane = this.#laneOf(event.eventId);
    lane.batch.push(event);
    lane.length += event.body.length;
    const isFull = lane.batch.length >= RECORDING_EVENTS_MAX || lane.length >= RECORDING_LENGTH_MAX;
    return isFull ? this.#send(lane) : null;
  }

  /**
   * Records what has not been yet. When it settles nothing is under way any more and the counts are final; it rejects when
   * a transaction has failed, whose lane then records nothing further.
   */
  async drain(): Promise<void> {
    const results = await Promise.allSettled(
      this.#lanes.map(async (lane) => {
        await this.#send(lane);
        await lane.recording;
      }),
    );
    const failed = results.find((result) => result.status === "rejected");
    if (failed !== undefined) {
      throw failed.reason;
    }
  }

  #laneOf(eventId: string): Lane {
    let hash = 0;
    for (let index = 0; index < eventId.length; index++) {
      hash = (Math.imul(hash, 31) + eventId.charCodeAt(index)) >>> 0;
    }
    const lane = this.#lanes[hash % LANES];
    if (lane === undefined) {
      throw new Error("there is a lane for each remainder");
    }
    return lane;
  }

  async #send(lane: Lane): Promise<void> {
    const { batch } = lane;
    lane.batch = [];
    lane.length = 0;
    await lane.recording;
    if (batch.length > 0) {
      lane.recording = this.#recordBatch(batch);
      // Whoever waits for the lane next learns of a failure; until then it must not count as unheard.
      lane.recording.catch(() => undefined);
    }
  }

  async #recordBatch(batch: readonly HistoryEvent[]): Promise<void> {
    const { recorded, present, conflicts } = await this.#record(batch);
    this.counts.recorded += recorded;
    this.counts.present += present;
    this.counts.conflicts += conflicts;
  }
}
