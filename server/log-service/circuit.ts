import "server-only";
import type { SinkTroubleDto } from "@/domain/history-job/schema.ts";
import { prisma } from "@/server/db.ts";

/** A sink: the endpoint behind a log project. */
export type Sink = { readonly endpoint: string; readonly project: string };

/** What is wrong with a sink, for people; null while nothing is. */
export async function findSinkTrouble({ endpoint, project }: Sink): Promise<SinkTroubleDto | null> {
  const row = await prisma().sinkCircuit.findUnique({ where: { endpoint_project: { endpoint, project } } });
  return (
    row && {
      openedAt: row.openedAt.toISOString(),
      triedAt: row.triedAt.toISOString(),
      retryAt: row.retryAt.toISOString(),
      failures: row.failures,
      code: row.code,
      message: row.message,
    }
  );
}
