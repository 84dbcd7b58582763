import "server-only";
import type { AccountScope } from "@/domain/access/scope.ts";
import type { LogTime } from "@/domain/log-service/log-service.ts";
import type { LogProjectDto } from "@/domain/log-service/schema.ts";
import { slsDestinationOf } from "@/domain/trail/trail.ts";
import { pool, prisma } from "@/server/db.ts";
import { findSinkTrouble } from "./circuit.ts";
import { builtInEndpoint } from "./queries.ts";

/** The account's log projects by region and name, with what is known of their sinks. No secret is read. */
export async function listLogProjects(scope: AccountScope): Promise<LogProjectDto[]> {
  const { accountId } = scope;
  const [rows, trails, lastArrivals] = await Promise.all([
    prisma().logProject.findMany({
      where: { accountId },
      orderBy: [{ region: "asc" }, { name: "asc" }],
      select: {
        region: true,
        name: true,
        endpoint: true,
        builtInKeyId: true,
        externalKeyId: true,
        logTime: true,
        createdAt: true,
      },
    }),
    listTrailsByProject(accountId),
    readLastArrivals(accountId),
  ]);
  return Promise.all(
    rows.map(async (row) => {
      const { region, name } = row;
      const endpoint = row.endpoint ?? builtInEndpoint();
      return {
        region,
        name,
        isBuiltIn: row.endpoint === null,
        endpoint,
        accessKeyId: row.builtInKeyId ?? row.externalKeyId ?? "",
        logTime: row.logTime as LogTime,
        createdAt: row.createdAt.toISOString(),
        trails: trails.get(keyOf(region, name)) ?? [],
        trouble: await findSinkTrouble({ endpoint, project: name }),
        lastArrivalAt: lastArrivals.get(keyOf(region, name))?.toISOString() ?? null,
      };
    }),
  );
}

function keyOf(region: string, name: string): string {
  return `${region}/${name}`;
}

/** The names of the trails that deliver to each project, in their order. */
async function listTrailsByProject(accountId: string): Promise<Map<string, string[]>> {
  const trails = await prisma().trail.findMany({
    where: { accountId, slsProjectArn: { not: null } },
    orderBy: { name: "asc" },
    select: { name: true, slsProjectArn: true },
  });
  const byProject = new Map<string, string[]>();
  for (const trail of trails) {
    const destination = slsDestinationOf(trail);
    if (destination !== null) {
      const key = keyOf(destination.projectRegion, destination.projectName);
      byProject.set(key, [...(byProject.get(key) ?? []), trail.name]);
    }
  }
  return byProject;
}

/** When something last arrived: in a built-in project by its logstores; in an external one by its own last acknowledgement. */
async function readLastArrivals(accountId: string): Promise<Map<string, Date>> {
  const { rows } = await pool().query<{ region: string; name: string; last_at: Date }>(
    `SELECT p.region, p.name, max(a.last_at) AS last_at
     FROM log_project p
     JOIN logstore l ON l.log_project_id = p.id
     JOIN log_arrival a ON a.logstore_id = l.id
     WHERE p.account_id = $1 AND p.endpoint IS NULL
     GROUP BY p.region, p.name
     UNION ALL
     SELECT p.region, p.name, max(s.acknowledged_at)
     FROM log_project p
     JOIN delivery_history_job j ON j.account_id = p.account_id AND j.project_region = p.region AND j.project_name = p.name
     JOIN delivery_slice s ON s.job_id = j.id
     WHERE p.account_id = $1 AND p.endpoint IS NOT NULL AND s.acknowledged_at IS NOT NULL
     GROUP BY p.region, p.name`,
    [accountId],
  );
  return new Map(rows.map(({ region, name, last_at }) => [keyOf(region, name), last_at]));
}
