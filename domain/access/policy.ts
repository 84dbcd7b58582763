import { z } from "zod";
import { allHold, type ConditionContext, operatorOf } from "./condition.ts";
import { matchesWildcard } from "./wildcard.ts";

/** What can be wrong with a document that is valid JSON. Each is the message of an issue of policyDocumentSchema. */
export const POLICY_FAULTS = [
  "not-an-object",
  "not-a-list",
  "empty-list",
  "not-text",
  "version",
  "effect",
  "unknown-member",
  "action-or-not-action",
  "resource-or-not-resource",
  "action-pattern",
  "resource-pattern",
  "unknown-operator",
  "condition-value",
  "too-long",
] as const;
export type PolicyFault = (typeof POLICY_FAULTS)[number];

function fault(name: PolicyFault): PolicyFault {
  return name;
}

/** RAM's own bound is 6,144 characters for a document; a list of them all would not fit into it. */
const LIST_LENGTH_MAX = 1_000;
const TEXT_LENGTH_MAX = 2_000;

const text = z.string(fault("not-text")).max(TEXT_LENGTH_MAX, fault("too-long"));

/** "Numbers and booleans are quoted; a single value may stand without brackets" (actiontrail.md, 7). */
function oneOrMany(element: z.ZodType<string, string>) {
  return z.preprocess(
    (value) => (typeof value === "string" ? [value] : value),
    z.array(element, fault("not-a-list")).min(1, fault("empty-list")).max(LIST_LENGTH_MAX, fault("too-long")),
  );
}

/** `*`, or a service's code, a colon and a name, either with wildcards. */
const actionPattern = text.regex(/^(\*|[\w*?-]+:[\w*?-]+)$/, fault("action-pattern"));

/** `*`, or acs:<service>:<region>:<account>:<relative-id>, each part with wildcards; a star may stand for several of them. */
const resourcePattern = text.regex(/^(\*|acs:.+)$/s, fault("resource-pattern"));

const conditionSchema = z
  .record(z.string(), z.record(z.string(), oneOrMany(text), fault("not-an-object")), fault("not-an-object"))
  .superRefine((condition, context) => {
    for (const [name, keys] of Object.entries(condition)) {
      const operator = operatorOf(name);
      if (operator === null) {
        context.addIssue({ code: "custom", path: [name], message: fault("unknown-operator") });
        continue;
      }
      for (const [key, values] of Object.entries(keys)) {
        for (const [index, value] of values.entries()) {
          if (!operator.takes(value)) {
            context.addIssue({ code: "custom", path: [name, key, index], message: fault("condition-value") });
          }
        }
      }
    }
  });

const statementSchema = z
  .strictObject(
    {
      Effect: z.enum(["Allow", "Deny"], fault("effect")),
      Action: oneOrMany(actionPattern).optional(),
      NotAction: oneOrMany(actionPattern).optional(),
      Resource: oneOrMany(resourcePattern).optional(),
      NotResource: oneOrMany(resourcePattern).optional(),
      Condition: conditionSchema.optional(),
    },
    { error: objectFault },
  )
  .superRefine((statement, context) => {
    if ((statement.Action === undefined) === (statement.NotAction === undefined)) {
      context.addIssue({ code: "custom", message: fault("action-or-not-action") });
    }
    if ((statement.Resource === undefined) === (statement.NotResource === undefined)) {
      context.addIssue({ code: "custom", message: fault("resource-or-not-resource") });
    }
  });

function objectFault(issue: { readonly code?: string }): PolicyFault {
  return issue.code === "unrecognized_keys" ? "unknown-member" : "not-an-object";
}

/**
 * A RAM policy document: the whole language of the reference. What it does not know it refuses, because a part that is passed
 * over would allow more than was written, or deny less. Issues carry a PolicyFault as their message.
 * Source: policy structure and syntax (actiontrail.md, 7).
 */
export const policyDocumentSchema = z.strictObject(
  {
    Version: z.literal("1", fault("version")),
    Statement: z
      .array(statementSchema, fault("not-a-list"))
      .min(1, fault("empty-list"))
      .max(LIST_LENGTH_MAX, fault("too-long")),
  },
  { error: objectFault },
);

export type PolicyDocument = z.infer<typeof policyDocumentSchema>;

/** A policy as a key's row holds it, or null for what is none: another version of Backtrail may have known more of the language, or less. */
export function readStoredPolicy(stored: unknown): PolicyDocument | null {
  return policyDocumentSchema.safeParse(stored).data ?? null;
}

type PolicyStatement = PolicyDocument["Statement"][number];

/**
 * The one permission function: roles and access keys alike are decided here. Nothing is allowed that no statement allows,
 * and an explicit Deny wins over any Allow. Actions match without regard to case, resources with it.
 * @param context what is known of the request; nothing is where no policy has conditions, as those of roles
 * Source: RAM policy structure (actiontrail.md, 7).
 */
export function isAllowed(
  policies: readonly PolicyDocument[],
  action: string,
  resource: string,
  context: ConditionContext = {},
): boolean {
  const effects = policies
    .flatMap((policy) => policy.Statement)
    .filter(
      (statement) =>
        speaksOfAction(statement, action) &&
        speaksOfResource(statement, resource) &&
        allHold(statement.Condition ?? {}, context),
    )
    .map((statement) => statement.Effect);
  return effects.includes("Allow") && !effects.includes("Deny");
}

function speaksOfAction({ Action, NotAction }: PolicyStatement, action: string): boolean {
  const isNamed = (Action ?? NotAction ?? []).some((pattern) =>
    matchesWildcard(pattern.toLowerCase(), action.toLowerCase()),
  );
  return isNamed === (Action !== undefined);
}

function speaksOfResource({ Resource, NotResource }: PolicyStatement, resource: string): boolean {
  const isNamed = (Resource ?? NotResource ?? []).some((pattern) => matchesWildcard(pattern, resource));
  return isNamed === (Resource !== undefined);
}
