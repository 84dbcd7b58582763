import type { PolicyTextFault } from "./policy-text.ts";

/** What is wrong with a policy, and what would be right: in English, as commands and the console say it. */
export const FAULT_WORDS: Readonly<Record<PolicyTextFault["fault"], string>> = {
  "not-json": "This is not JSON from here on.",
  "repeated-member": "This name stands twice in one object; only the last would count.",
  "text-too-long": "A policy has at most 6,144 characters.",
  "not-an-object": "An object has to stand here.",
  "not-a-list": "A list has to stand here, or a single text.",
  "empty-list": "The list has to name something.",
  "not-text": "A text in quotes has to stand here; numbers, true and false are quoted too.",
  version: 'Version has to be "1".',
  effect: 'Effect has to be "Allow" or "Deny".',
  "unknown-member": "A policy has no member of this name.",
  "action-or-not-action": "A statement has either Action or NotAction.",
  "resource-or-not-resource": "A statement has either Resource or NotResource.",
  "action-pattern": 'An action is "*" or like "actiontrail:Get*".',
  "resource-pattern": 'A resource is "*" or like "acs:actiontrail:*:*:trail/*".',
  "unknown-operator": "There is no operator of this name.",
  "condition-value": "The operator does not take this value.",
  "too-long": "This is too long.",
};
