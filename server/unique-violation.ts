import "server-only";
import { z } from "zod";

/** How Prisma reports a unique violation (SQLSTATE 23505) through the driver adapter, from typed and raw calls alike. */
const uniqueViolationSchema = z.object({
  meta: z.object({
    driverAdapterError: z.object({
      cause: z.object({ originalCode: z.literal("23505"), constraint: z.object({ index: z.string() }) }),
    }),
  }),
});

/** Whether an error says that one of these unique indexes already has the key: somebody else won the race. */
export function isUniqueViolation(error: unknown, indexes: readonly string[]): boolean {
  const violation = uniqueViolationSchema.safeParse(error);
  return violation.success && indexes.includes(violation.data.meta.driverAdapterError.cause.constraint.index);
}
