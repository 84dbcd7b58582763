import { z } from "zod";
import type { KeyPair } from "./access-key.ts";
import type { PolicyDocument } from "./policy.ts";
import { parsePolicyText } from "./policy-text.ts";
import type { SystemPolicyName } from "./system-policy.ts";

export const ACCESS_KEY_NAME_LENGTH_MAX = 64;

const name = z.string().trim().min(1).max(ACCESS_KEY_NAME_LENGTH_MAX);

/** A policy as a person has written it. What is wrong with it where, the form says from the same parser before it is sent. */
const policy = z.string().transform((text, context): PolicyDocument => {
  const read = parsePolicyText(text);
  if (read.kind === "policy") {
    return read.policy;
  }
  context.addIssue({ code: "custom", message: read.faults.map(({ fault }) => fault).join(", ") });
  return z.NEVER;
});

export const accessKeyRefSchema = z.strictObject({ accessKeyId: z.string().regex(/^[\w.-]{1,128}$/) });
export type AccessKeyRef = z.infer<typeof accessKeyRefSchema>;

export const createAccessKeyInputSchema = z.strictObject({ name, policy });
export type CreateAccessKeyInput = z.infer<typeof createAccessKeyInputSchema>;

export const updateAccessKeyInputSchema = accessKeyRefSchema.extend({ name, policy });
export type UpdateAccessKeyInput = z.infer<typeof updateAccessKeyInputSchema>;

/** An access key of the account, without its secret. Instants are ISO 8601. */
export type AccessKeyDto = KeyPair & {
  readonly id: string;
  /** What it is for, in the words of who made it; null for one that was made without. */
  readonly name: string | null;
  readonly isActive: boolean;
  /** The vendor's policy that it has; null for one of its own. */
  readonly policyName: SystemPolicyName | null;
  /** The policy as it is edited; as it is stored, where it can't be read. */
  readonly policyText: string;
  /** Whether the policy can be read. Otherwise every request of the key is refused, and it is not rotated. */
  readonly isPolicyReadable: boolean;
  readonly createdAt: string;
  readonly lastUse: { readonly at: string; readonly from: string; readonly call: string } | null;
};

/** What a client signs with. The secret is shown once: it is stored encrypted, and read by nobody but the product. */
export type AccessKeySecretDto = { readonly id: string; readonly secret: string };
