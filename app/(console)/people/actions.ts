"use server";

import { runAction, runFreshAction } from "@/app/_request/action.ts";
import type { ActionResult } from "@/app/_request/action-result.ts";
import {
  createInvitationInputSchema,
  invitationRefSchema,
  type LinkDto,
  memberRefSchema,
  memberSessionRefSchema,
  updateMemberInputSchema,
} from "@/domain/access/schema.ts";
import { createInvitation, deleteInvitation } from "@/server/access/invitations.ts";
import {
  deleteMember,
  disableMember,
  enableMember,
  endMemberSession,
  endMemberSessions,
  removeMemberTwoFactor,
  updateMember,
} from "@/server/access/members.ts";
import { createPasswordReset } from "@/server/access/password-resets.ts";

export async function createInvitationAction(input: unknown): Promise<ActionResult<LinkDto>> {
  return runFreshAction("backtrail:CreateInvitation", createInvitationInputSchema, input, createInvitation);
}

export async function deleteInvitationAction(input: unknown): Promise<ActionResult<void>> {
  return runAction("backtrail:DeleteInvitation", invitationRefSchema, input, deleteInvitation);
}

export async function updateMemberAction(input: unknown): Promise<ActionResult<void>> {
  return runFreshAction("backtrail:UpdateMember", updateMemberInputSchema, input, updateMember);
}

export async function disableMemberAction(input: unknown): Promise<ActionResult<void>> {
  return runAction("backtrail:DisableMember", memberRefSchema, input, disableMember);
}

export async function enableMemberAction(input: unknown): Promise<ActionResult<void>> {
  return runFreshAction("backtrail:EnableMember", memberRefSchema, input, enableMember);
}

export async function deleteMemberAction(input: unknown): Promise<ActionResult<void>> {
  return runAction("backtrail:DeleteMember", memberRefSchema, input, deleteMember);
}

export async function endMemberSessionsAction(input: unknown): Promise<ActionResult<void>> {
  return runAction("backtrail:EndMemberSessions", memberRefSchema, input, endMemberSessions);
}

export async function endMemberSessionAction(input: unknown): Promise<ActionResult<void>> {
  return runAction("backtrail:EndMemberSessions", memberSessionRefSchema, input, endMemberSession);
}

export async function createPasswordResetAction(input: unknown): Promise<ActionResult<LinkDto>> {
  return runFreshAction("backtrail:CreatePasswordReset", memberRefSchema, input, createPasswordReset);
}

export async function removeMemberTwoFactorAction(input: unknown): Promise<ActionResult<void>> {
  return runFreshAction("backtrail:RemoveMemberTwoFactor", memberRefSchema, input, removeMemberTwoFactor);
}
