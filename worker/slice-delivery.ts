import type { SliceClaim } from "@/server/history-job/slices.ts";
import type { DeliveryPorts } from "./delivery-ports.ts";
import type { PieceSignals } from "./pipeline.ts";
import type { SliceLedger } from "./slice-ledger.ts";

/** What all pieces of one claim share. */
export type SliceDelivery = {
  readonly claim: SliceClaim;
  readonly ports: DeliveryPorts;
  readonly ledger: SliceLedger;
  readonly signals: PieceSignals;
  /** Whether logs carry the time of their delivery: by choice, or since the sink has refused an event's as out of range. */
  isDeliveryTimed: boolean;
};
