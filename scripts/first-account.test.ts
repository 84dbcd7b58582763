import { describe, expect, test, vi } from "vitest";
import { whyNotRedeliverable } from "@/domain/trail/rules.ts";
import { recordAuditEvents } from "@/server/access/audit.ts";
import { auth } from "@/server/access/auth.ts";
import { commandLineScope } from "@/server/access/command-line.ts";
import { prisma } from "@/server/db.ts";
import { listTrails } from "@/server/trail/queries.ts";
import { ensureFirstAccount, type FirstAccountSettings } from "./first-account.ts";

let accountCount = 0;

/** Settings of a new installation, as far as one database allows: an account and an administrator of its own. */
function freshSettings(changes: Partial<FirstAccountSettings> = {}): FirstAccountSettings {
  const ACCOUNT_ID = String(6_000_000_000_000_000 + ++accountCount);
  return { ACCOUNT_ID, ADMIN_EMAIL: `Admin${accountCount}@backtrail.local`, SAMPLE: "off", ...changes };
}

function trailsOf({ ACCOUNT_ID }: FirstAccountSettings) {
  return listTrails(commandLineScope(ACCOUNT_ID, "test", "actiontrail:DescribeTrails"));
}

const noHistory = async () => 0;

describe("a first start", () => {
  test("makes account, log project and an administrator who signs in with the password it tells once", async () => {
    const settings = freshSettings();
    const first = await ensureFirstAccount(settings, noHistory);
    const password = first.administrator?.generatedPassword ?? "";
    expect(password).toMatch(/^\w{20}$/);
    await auth().api.signInEmail({ body: { email: settings.ADMIN_EMAIL, password } });
    const where = { accountId: settings.ACCOUNT_ID };
    expect(await prisma().membership.findMany({ where })).toMatchObject([{ role: "admin" }]);
    expect(await prisma().logProject.findMany({ where })).toMatchObject([
      { region: "cn-hangzhou", name: "backtrail-audit", endpoint: null },
    ]);
    expect(await trailsOf(settings)).toEqual([]);
    expect(await ensureFirstAccount(settings, noHistory)).toEqual({ administrator: null, sampleEvents: null });
    expect(await prisma().accessKey.count({ where })).toBe(1);
  });

  test("takes the administrator's password from the settings and then tells none", async () => {
    const settings = freshSettings({ ADMIN_PASSWORD: "a password of the operator" });
    const { administrator } = await ensureFirstAccount(settings, noHistory);
    expect(administrator).toEqual({ email: settings.ADMIN_EMAIL.toLowerCase(), generatedPassword: null });
    await auth().api.signInEmail({ body: { email: settings.ADMIN_EMAIL, password: "a password of the operator" } });
  });

  test("by several launchers at once makes one of everything, and one of them is told the password", async () => {
    const settings = freshSettings({ SAMPLE: "on" });
    const history = vi.fn(noHistory);
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => ensureFirstAccount(settings, history)));
    expect(outcomes.filter(({ administrator }) => administrator !== null)).toHaveLength(1);
    expect(history).toHaveBeenCalledTimes(1);
    const where = { accountId: settings.ACCOUNT_ID };
    expect(await prisma().membership.count({ where })).toBe(1);
    expect(await prisma().auditEntry.count({ where: { ...where, action: "backtrail:CreateAccount" } })).toBe(1);
    expect(await trailsOf(settings)).toHaveLength(5);
  });

  test("is in the history of the account from its first minute, without the password", async () => {
    const settings = freshSettings();
    const { administrator } = await ensureFirstAccount(settings, noHistory);
    await recordAuditEvents();
    const events = await prisma().event.findMany({ where: { accountId: settings.ACCOUNT_ID } });
    expect(events.map(({ eventName }) => eventName).sort()).toEqual([
      "CreateAccount",
      "CreateLogProject",
      "CreateMember",
    ]);
    expect(JSON.stringify(events.map(({ body }) => body))).not.toContain(administrator?.generatedPassword);
  });
});

describe("the sample", () => {
  test("has trails that show every case", async () => {
    const settings = freshSettings({ SAMPLE: "on" });
    const outcome = await ensureFirstAccount(settings, async () => 42);
    expect(outcome.sampleEvents).toBe(42);
    const trails = await trailsOf(settings);
    expect(trails.map((trail) => [trail.name, trail.homeRegion, trail.status, whyNotRedeliverable(trail)])).toEqual([
      ["audit-all-regions", "cn-hangzhou", "Enable", null],
      ["org-wide", "cn-hangzhou", "Enable", "organization-trail"],
      ["security-writes", "cn-hangzhou", "Enable", null],
      ["archive-oss", "cn-shanghai", "Enable", "no-sls-destination"],
      ["new-compliance", "cn-shanghai", "Fresh", null],
    ]);
    const logstores = await prisma().logstore.findMany({ where: { logProject: { accountId: settings.ACCOUNT_ID } } });
    expect(logstores.map(({ name }) => name).sort()).toEqual(
      ["audit-all-regions", "new-compliance", "org-wide", "security-writes"].map((name) => `actiontrail_${name}`),
    );
    const daysAgo = (time: string | null) => (Date.now() - Date.parse(time ?? "")) / 86_400_000;
    expect(daysAgo(trails[0]?.startLoggingTime ?? null)).toBeCloseTo(30, 1);
  });

  test("that a crash cut short is completed by the next start, with the same history, and then left alone", async () => {
    const settings = freshSettings({ SAMPLE: "on" });
    const untils: Date[] = [];
    const crashing = async (_: string, until: Date) => {
      untils.push(until);
      throw new Error("power cut");
    };
    await expect(ensureFirstAccount(settings, crashing)).rejects.toThrow("power cut");
    expect(await prisma().membership.count({ where: { accountId: settings.ACCOUNT_ID } })).toBe(0);

    const complete = async (_: string, until: Date) => untils.push(until);
    const second = await ensureFirstAccount(settings, complete);
    expect(second.administrator?.generatedPassword).toBeTruthy();
    expect(untils[1]).toEqual(untils[0]);
    expect(await trailsOf(settings)).toHaveLength(5);

    await prisma().trail.deleteMany({ where: { accountId: settings.ACCOUNT_ID } });
    expect(await ensureFirstAccount(settings, complete)).toEqual({ administrator: null, sampleEvents: null });
    expect(await trailsOf(settings)).toEqual([]);
  });

  test("is not put into an account that was made without one", async () => {
    const settings = freshSettings();
    await ensureFirstAccount(settings, noHistory);
    const history = vi.fn(noHistory);
    await ensureFirstAccount({ ...settings, SAMPLE: "on" }, history);
    expect(history).not.toHaveBeenCalled();
    expect(await trailsOf(settings)).toEqual([]);
  });
});
