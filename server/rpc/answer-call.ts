import "server-only";
import { type RamAction, rwOf } from "@/domain/access/action.ts";
import type { AccountScope, Actor } from "@/domain/access/scope.ts";
import { RPC_CALLS, type RpcAction, type RpcRequest } from "@/domain/rpc/calls.ts";
import { refusalOf, type WireParameters } from "@/domain/rpc/parameters.ts";
import { RpcError } from "@/domain/rpc/rpc-error.ts";
import { REGION_PATTERN } from "@/domain/trail/trail.ts";
import { writeRefusal } from "@/server/access/audit.ts";
import { resourceOfCall } from "./call-gate.ts";
import { CALLS, type CallAnswer, type CallContext, regionOf, type ScopeOf } from "./calls.ts";
import { type RpcRefusal, refusalOfError } from "./error-table.ts";

/** Who makes a call: a key, or a member at the console. */
type Caller = {
  readonly accountId: string;
  readonly actor: Actor;
  /** The caller's gate. @throws DomainError NoPermission */
  readonly scopeFor: (action: RamAction, resource: string) => Promise<AccountScope>;
  readonly may: CallContext["may"];
};

/**
 * What a call answers to a caller who is known: permission, then parameters, then the command or query behind it. A write that is refused
 * before it comes to its command is in the audit all the same.
 * @throws RpcError, DomainError
 */
export async function answerCall(
  action: RpcAction,
  { accountId, actor, scopeFor, may }: Caller,
  parameters: WireParameters,
  request: Omit<CallContext, "regionNamed" | "may">,
): Promise<CallAnswer> {
  const { ramAction, subject, request: schema } = RPC_CALLS[action];
  const context: CallContext = { ...request, may, regionNamed: regionNamedIn(parameters) };
  checkFormat(parameters);
  if (ramAction === null) {
    return run(action, null, parameters, context);
  }
  const resource = await resourceOfCall(accountId, ramAction, subject, parameters, regionOf(context));
  const scope = await scopeFor(ramAction, resource);
  try {
    return await run(action, scope, parameters, context);
  } catch (error) {
    // Commands note what they refuse themselves; this is what never came to one.
    if (error instanceof RpcError && rwOf(ramAction) === "Write") {
      const details = { parameters: pick(parameters, Object.keys(schema.shape)) };
      await writeRefusal({ accountId, actor, action: ramAction, errorCode: codeOf(error), resource, details });
    }
    throw error;
  }
}

/** The schema and the call of one action belong together, which their types cannot say once the action is any of them. */
function run<Action extends RpcAction>(
  action: Action,
  scope: unknown,
  parameters: WireParameters,
  context: CallContext,
): Promise<CallAnswer> {
  const parsed = RPC_CALLS[action].request.safeParse(parameters);
  if (!parsed.success) {
    throw refusalOf(parsed.error);
  }
  return CALLS[action](scope as ScopeOf<Action>, parsed.data as RpcRequest<Action>, context);
}

function regionNamedIn({ RegionId = "" }: WireParameters): string | null {
  if (RegionId === "") {
    return null;
  }
  if (RegionId.length > 64 || !REGION_PATTERN.test(RegionId)) {
    throw new RpcError("InvalidParameterValue", { parameter: "RegionId" });
  }
  return RegionId;
}

/** Answers are JSON, also where an empty text asks for nothing. Who asks for XML by name could not read one, and is told so at once. */
function checkFormat({ Format = "" }: WireParameters): void {
  if (!/^(json)?$/i.test(Format)) {
    throw new RpcError("InvalidParameterValue", { parameter: "Format", reason: "Answers are in JSON only." });
  }
}

function pick(parameters: WireParameters, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (name in parameters ? [[name, parameters[name]?.slice(0, 1_000) ?? ""]] : [])),
  );
}

function codeOf(error: RpcError): string {
  return refusalOfError(error)?.code ?? error.code;
}

/** The answer as JSON. Events are put in as they are stored: to parse them and write them anew could change them. */
export function answerText({ fields, events }: CallAnswer, requestId: string): string {
  const text = JSON.stringify({ RequestId: requestId, ...fields });
  return events === undefined ? text : `${text.slice(0, -1)},"Events":[${events.join(",")}]}`;
}

/** The vendor's error envelope (actiontrail.md, 2.1), and our own fields behind it. */
export function envelopeOf({ code, message, extra }: RpcRefusal, requestId: string, host: string) {
  return {
    RequestId: requestId,
    HostId: host,
    Code: code,
    Message: message,
    Recommend: `https://api.aliyun.com/troubleshoot?q=${encodeURIComponent(code)}&product=Actiontrail&requestId=${requestId}`,
    ...extra,
  };
}
