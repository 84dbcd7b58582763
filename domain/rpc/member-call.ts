import { z } from "zod";
import { PUT_EVENTS_BYTES_MAX } from "@/domain/event/put-events.ts";
import type { CallField } from "./call-fields.ts";
import { isRpcAction, type RpcAction } from "./calls.ts";

/** Longer than any parameter may be: what is too long, the call itself says. */
const VALUE_LENGTH_MAX = 20_000;

/** A call as a member makes it at the console. */
export const memberCallSchema = z.strictObject({
  action: z.custom<RpcAction>((text) => typeof text === "string" && isRpcAction(text)),
  parameters: z.record(z.string().max(100), z.string().max(VALUE_LENGTH_MAX)),
  /** Events of PutEvents; empty for all other calls. */
  body: z.string().max(PUT_EVENTS_BYTES_MAX),
});
export type MemberCall = z.output<typeof memberCallSchema>;

/** What the API answers. */
export type CallAnswerDto = {
  readonly status: number;
  /** JSON, as the API writes it. */
  readonly body: string;
  readonly requestId: string;
  /** In whole milliseconds. */
  readonly durationMs: number;
};

/** A call that a member can try. */
export type TriableCallDto = {
  readonly action: RpcAction;
  readonly fields: readonly CallField[];
  /** Whether its body is events. */
  readonly takesEvents: boolean;
  /** Whether it changes the account. */
  readonly isWrite: boolean;
  /** Whether the member's role allows it. */
  readonly isAllowed: boolean;
};
