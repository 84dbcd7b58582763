import type { RamAction } from "@/domain/access/action.ts";
import { type CreateTrailInput, createTrailInputSchema } from "@/domain/trail/schema.ts";
import { slsProjectArn } from "@/domain/trail/trail.ts";
import { commandLineScope } from "@/server/access/command-line.ts";
import { createTrail, startLogging } from "@/server/trail/commands.ts";
import { findTrail } from "@/server/trail/queries.ts";

const DAY_MS = 86_400_000;

/** As long before the account's own beginning as makes "until the trail took effect" cover most of the sample's history. */
const TOOK_EFFECT_DAYS_AGO = 30;

/** Log projects in cn-hangzhou that the sample's trails deliver to, beside the one that every first account has. */
export const SAMPLE_LOG_PROJECT = { region: "cn-hangzhou", name: "soc-prod" } as const;

/** The cases a console has to show: enabled with SLS (two), never enabled, OSS only, organization; in two home regions. */
function sampleTrails(accountId: string): readonly { input: CreateTrailInput; enabled: boolean }[] {
  const audit = slsProjectArn("cn-hangzhou", accountId, "backtrail-audit");
  const soc = slsProjectArn(SAMPLE_LOG_PROJECT.region, accountId, SAMPLE_LOG_PROJECT.name);
  const trails = [
    { name: "audit-all-regions", homeRegion: "cn-hangzhou", slsProjectArn: audit, enabled: true },
    {
      name: "security-writes",
      homeRegion: "cn-hangzhou",
      trailRegion: "cn-hangzhou,cn-shanghai",
      eventRW: "Write",
      slsProjectArn: soc,
      enabled: true,
    },
    { name: "new-compliance", homeRegion: "cn-shanghai", slsProjectArn: audit, enabled: false },
    {
      name: "archive-oss",
      homeRegion: "cn-shanghai",
      ossBucketName: "audit-archive",
      ossBucketLocation: "oss-cn-shanghai",
      enabled: true,
    },
    {
      name: "org-wide",
      homeRegion: "cn-hangzhou",
      eventRW: "Write",
      isOrganizationTrail: true,
      slsProjectArn: soc,
      enabled: true,
    },
  ];
  return trails.map(({ enabled, ...input }) => ({ input: createTrailInputSchema.parse(input), enabled }));
}

/** Makes those of the sample's trails that are not there yet, and lets the enabled ones take effect. Safe to repeat. */
export async function ensureSampleTrails(accountId: string, accountCreatedAt: Date): Promise<void> {
  const scopeFor = (action: RamAction) => commandLineScope(accountId, "npm start", action);
  const tookEffectAt = new Date(accountCreatedAt.getTime() - TOOK_EFFECT_DAYS_AGO * DAY_MS);
  for (const { input, enabled } of sampleTrails(accountId)) {
    const trail = await findTrail(scopeFor("actiontrail:DescribeTrails"), input.name);
    if (trail === null) {
      await createTrail(scopeFor("actiontrail:CreateTrail"), input, tookEffectAt);
    }
    if (enabled && trail?.status !== "Enable") {
      await startLogging(scopeFor("actiontrail:StartLogging"), input.name, tookEffectAt);
    }
  }
}
