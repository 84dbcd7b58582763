"use server";

import { runAction, runFreshAction } from "@/app/_request/action.ts";
import type { ActionResult } from "@/app/_request/action-result.ts";
import {
  type AccessKeySecretDto,
  accessKeyRefSchema,
  createAccessKeyInputSchema,
  updateAccessKeyInputSchema,
} from "@/domain/access/access-key-schema.ts";
import {
  createAccessKey,
  deleteAccessKey,
  disableAccessKey,
  enableAccessKey,
  rotateAccessKey,
  updateAccessKey,
} from "@/server/access/access-keys.ts";

export async function createAccessKeyAction(input: unknown): Promise<ActionResult<AccessKeySecretDto>> {
  return runFreshAction("backtrail:CreateAccessKey", createAccessKeyInputSchema, input, createAccessKey);
}

export async function rotateAccessKeyAction(input: unknown): Promise<ActionResult<AccessKeySecretDto>> {
  return runFreshAction("backtrail:RotateAccessKey", accessKeyRefSchema, input, rotateAccessKey);
}

export async function updateAccessKeyAction(input: unknown): Promise<ActionResult<void>> {
  return runFreshAction("backtrail:UpdateAccessKey", updateAccessKeyInputSchema, input, updateAccessKey);
}

export async function disableAccessKeyAction(input: unknown): Promise<ActionResult<void>> {
  return runAction("backtrail:DisableAccessKey", accessKeyRefSchema, input, disableAccessKey);
}

export async function enableAccessKeyAction(input: unknown): Promise<ActionResult<void>> {
  return runFreshAction("backtrail:EnableAccessKey", accessKeyRefSchema, input, enableAccessKey);
}

export async function deleteAccessKeyAction(input: unknown): Promise<ActionResult<void>> {
  return runAction("backtrail:DeleteAccessKey", accessKeyRefSchema, input, deleteAccessKey);
}
