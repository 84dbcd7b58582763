import "server-only";
import { unstable_rethrow } from "next/navigation";
import type { ZodType } from "zod";
import type { PersonalAction, RamAction } from "@/domain/access/action.ts";
import type { AccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import { auditingRefusal, auditRefusal } from "@/server/access/audit.ts";
import { auditMemberRequest } from "@/server/access/member-gate.ts";
import type { SignedInPerson } from "@/server/access/person.ts";
import { noteSessionUse } from "@/server/access/sessions.ts";
import type { ActionResult } from "./action-result.ts";
import { answerToThrown } from "./failure.ts";
import {
  type Member,
  type Person,
  requestedPath,
  requireFreshSession,
  requireMember,
  requireScope,
  requireSession,
} from "./session.ts";

/**
 * Runs a server action: who and whether they may, then the shape of the input, then `run`. Refusals and faults are
 * returned; signals of Next (redirect, not found) pass through.
 */
export async function runAction<Input, Data>(
  action: RamAction,
  schema: ZodType<Input>,
  input: unknown,
  run: (scope: AccountScope, input: Input) => Promise<Data>,
): Promise<ActionResult<Data>> {
  return answerAction(async (person) => {
    const scope = await requireScope(action, person);
    return run(scope, await audited(noteIn(scope), () => parsed(schema, input)));
  });
}

/**
 * As runAction, for what opens more than a session should, such as invitations and roles: the person has to have shown who they are within the last
 * ten minutes. The browser asks them and tries again (app/(console)/_components/use-confirmed-action.tsx).
 */
export async function runFreshAction<Input, Data>(
  action: RamAction,
  schema: ZodType<Input>,
  input: unknown,
  run: (scope: AccountScope, input: Input) => Promise<Data>,
): Promise<ActionResult<Data>> {
  return answerAction(async (person) => {
    const scope = await requireScope(action, person);
    const checked = await audited(noteIn(scope), () => {
      requireFreshSession(person);
      return parsed(schema, input);
    });
    return run(scope, checked);
  });
}

/**
 * As runAction, for what people do for themselves, whatever their role. What `run` refuses, it notes itself.
 * @param action as which the audit knows it
 */
export async function runPersonalAction<Input, Data>(
  action: PersonalAction,
  schema: ZodType<Input>,
  input: unknown,
  run: (person: SignedInPerson, input: Input) => Promise<Data>,
): Promise<ActionResult<Data>> {
  return answerAction(async (person) =>
    run(person, await auditingRefusal({ ...person, action }, () => parsed(schema, input))),
  );
}

/** As runAction, where `run` asks what is allowed, because the input decides which permission it takes. */
export async function runMemberAction<Input, Data>(
  schema: ZodType<Input>,
  input: unknown,
  run: (member: Member, input: Input) => Promise<Data>,
): Promise<ActionResult<Data>> {
  return answerAction(async (person) => {
    const member = await requireMember(person);
    const note = async (refusal: DomainError) =>
      auditMemberRequest(member.membership, member.from, refusal, await requestedPath());
    return run(member, await audited(note, () => parsed(schema, input)));
  });
}

async function answerAction<Data>(work: (person: Person) => Promise<Data>): Promise<ActionResult<Data>> {
  try {
    const person = await requireSession();
    // Before the work: a fault of this must not hide that the work was done.
    await noteSessionUse(person.sessionId);
    return { ok: true, data: await work(person) };
  } catch (thrown) {
    unstable_rethrow(thrown);
    return { ok: false, error: (await answerToThrown(thrown)).error };
  }
}

type Note = (refusal: DomainError) => Promise<DomainError>;

function noteIn(scope: AccountScope): Note {
  return (refusal) => auditRefusal(scope, refusal, { details: {} });
}

/** What the check gives; its refusal is in the audit. */
async function audited<Result>(note: Note, check: () => Result): Promise<Result> {
  try {
    return check();
  } catch (thrown) {
    throw thrown instanceof DomainError ? await note(thrown) : thrown;
  }
}

/** @throws DomainError InvalidParameterValue, which names the first field at fault */
function parsed<Input>(schema: ZodType<Input>, input: unknown): Input {
  const result = schema.safeParse(input);
  if (result.success) {
    return result.data;
  }
  const field = result.error.issues[0]?.path.join(".");
  throw new DomainError("InvalidParameterValue", field ? { field } : {});
}
