import { describe, expect, it } from "vitest";
import { Prisma } from "@/prisma/generated/client.ts";
import { prisma } from "./db.ts";
import { type CountedRows, countByDayStatement } from "./rollup-counts.ts";

const HOUR_MS = 3_600_000;

type Plan = { readonly "Node Type": string; readonly "Relation Name"?: string; readonly Plans?: readonly Plan[] };

function nodesOf(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

describe("the plan of a count", () => {
  it.each([
    ["event", { table: "event", accountId: "1000000000000001" }, "event_count"],
    ["log", { table: "log", logstoreId: 1 }, "log_count"],
  ] as [string, CountedRows, string][])(
    "of %ss reads the rollup, and of the days only those that hold a partial hour",
    async (_table, rows, rollup) => {
      // 90 days that begin and end within an hour, as the vendor's window does.
      const to = new Date(Math.floor(Date.now() / HOUR_MS) * HOUR_MS + 17 * 60_000);
      const from = new Date(to.getTime() - 90 * 24 * HOUR_MS);
      const statement = countByDayStatement(rows, { regions: null, eventRW: "All", from, to });
      expect(statement).not.toBeNull();
      const [explained] = await prisma().$queryRaw<{ "QUERY PLAN": [{ Plan: Plan }] }[]>(
        Prisma.sql`EXPLAIN (FORMAT JSON) ${statement ?? Prisma.empty}`,
      );
      const relations = nodesOf(explained?.["QUERY PLAN"][0].Plan ?? { "Node Type": "none" }).flatMap(
        (node) => node["Relation Name"] ?? [],
      );
      const days = [from, to].map((at) => `${rows.table}_${at.toISOString().slice(0, 10).replaceAll("-", "")}`);
      expect(new Set(relations)).toEqual(new Set([rollup, ...days]));
    },
  );
});
