import { z } from "zod";
import { RPC_CALLS, type RpcAction } from "./calls.ts";

/** How a parameter is entered. Whatever it is, on the wire it is a text. */
type CallFieldKind = "text" | "choice" | "flag" | "number" | "date";

/** A parameter of a call, as a form shows it. */
export type CallField = {
  readonly name: string;
  readonly kind: CallFieldKind;
  /** Of a choice: what may be chosen. */
  readonly options: readonly string[];
  readonly isRequired: boolean;
};

/** Every call takes the region that it is about. */
const REGION_FIELD: CallField = { name: "RegionId", kind: "text", options: [], isRequired: false };

/** The parts that a parameter's JSON schema is read by. */
const propertySchema = z.object({
  enum: z.array(z.string()).optional(),
  format: z.string().optional(),
  isNeeded: z.boolean().optional(),
});

const formSchema = z.object({
  properties: z.record(z.string(), propertySchema),
  required: z.array(z.string()).default([]),
});

/** The parameters of a call, taken from the very schema that its requests are checked with, in its order. */
export function fieldsOfCall(action: RpcAction): CallField[] {
  const { request } = RPC_CALLS[action];
  const { properties, required } = formSchema.parse(z.toJSONSchema(request, { io: "input", unrepresentable: "any" }));
  const fields = Object.entries(properties).map(([name, property]) => ({
    name,
    kind: kindOf(property),
    options: (property.enum ?? []).filter((option) => option !== ""),
    isRequired: required.includes(name) || property.isNeeded === true,
  }));
  return [...fields, REGION_FIELD];
}

function kindOf({ enum: options, format }: z.infer<typeof propertySchema>): CallFieldKind {
  if (options !== undefined) {
    return "choice";
  }
  switch (format) {
    case "boolean":
      return "flag";
    case "int32":
      return "number";
    case "date":
      return "date";
    default:
      return "text";
  }
}
