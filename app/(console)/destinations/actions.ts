"use server";

import { runAction } from "@/app/_request/action.ts";
import type { ActionResult } from "@/app/_request/action-result.ts";
import {
  type ConnectionTestDto,
  createLogProjectInputSchema,
  logProjectRefSchema,
  updateLogProjectInputSchema,
} from "@/domain/log-service/schema.ts";
import { testLogProject } from "@/server/log-service/connection-test.ts";
import { createExternalLogProject, deleteLogProject, updateLogProject } from "@/server/log-service/project-commands.ts";

export async function createLogProjectAction(input: unknown): Promise<ActionResult<void>> {
  return runAction("backtrail:CreateLogProject", createLogProjectInputSchema, input, createExternalLogProject);
}

export async function updateLogProjectAction(input: unknown): Promise<ActionResult<void>> {
  return runAction("backtrail:UpdateLogProject", updateLogProjectInputSchema, input, updateLogProject);
}

export async function deleteLogProjectAction(input: unknown): Promise<ActionResult<void>> {
  return runAction("backtrail:DeleteLogProject", logProjectRefSchema, input, deleteLogProject);
}

/** Answers when the sink has, or a minute has passed. */
export async function testLogProjectAction(input: unknown): Promise<ActionResult<ConnectionTestDto>> {
  return runAction("backtrail:TestLogProject", logProjectRefSchema, input, (scope, ref) => testLogProject(scope, ref));
}
