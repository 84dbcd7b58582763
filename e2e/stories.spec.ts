import type { Locator, Page } from "@playwright/test";
import { ROLES, type Role } from "@/domain/access/role.ts";
import { combinations, pairwise } from "@/testing/pairwise.ts";
import { ENGLISH_SENTENCES } from "./english-sentences.ts";
import { expectWellMade } from "./expect-well-made.ts";
import { test as base, expect } from "./fixtures.ts";
import { LOOKS, type Look, VIEWPORTS } from "./looks.ts";
import { clickUntilOpen, pressUntilOpen } from "./pages/press-until-open.ts";
import { daysAgo, TRAIL } from "./start-job.ts";
import type { LogServiceKind, TestAccount } from "./test-account.ts";

// Each story by every role that it is one of, in few of the looks, so that every two of story, role, size, theme and language meet; in all of
// them in `npm run test:full`.

/** The log project of every test's account. */
const PROJECT = "history-test";

/** What the stories read and press, as each language says it. */
const WORDS = {
  en: {
    email: "E-mail",
    password: "Password",
    signIn: "Sign in",
    redeliver: `Redeliver history of ${TRAIL}`,
    start: /^Redeliver [\d,]+ events$/,
    complete: "Complete",
    delivering: "Delivering",
    cancelled: "Cancelled",
    pausing: "Pausing",
    confirmPause: /^Pause job [0-9]+$/,
    notAllowed: "Your role does not show this page",
    notOpened: "This link has opened nothing",
    cancel: "Cancel job…",
    confirmCancel: /^Cancel job [0-9]+$/,
    incomplete: "Incomplete",
    equal: "Equal in every slice",
    retry: /^Retry [0-9]+ slices…$/,
    delete: "Delete job…",
    verify: "Verify again",
    redeliverMissing: "Redeliver only what is missing…",
    startMissing: /^Redeliver [0-9]+ slices$/,
    ownRange: "Own range…",
    ownRangeLabel: "Own time range",
    from: "From",
    to: "To",
    apply: "Show this range",
    recorded: /^240 events$/,
    brushEnd: "End of the selection",
    selected: /^Selected: /,
    testConnection: `Test connection of ${PROJECT}`,
    tested: `Test of ${PROJECT}`,
    accepted: "Accepted. The sink knows project, logstore and key",
    titles: {
      trails: "Trails",
      jobs: "Jobs",
      events: "Events",
      destinations: "Destinations",
      audit: "Audit",
      "api-explorer": "API explorer",
      people: "People",
      "access-keys": "Access keys",
      security: "Your security",
    },
    createTrail: "Create trail",
  },
  "zh-CN": {
    email: "邮箱",
    password: "密码",
    signIn: "登录",
    redeliver: `重新投递 ${TRAIL} 的历史事件`,
    start: /^重新投递 [\d,]+ 个事件$/,
    complete: "已完成",
    delivering: "投递中",
    cancelled: "已取消",
    pausing: "正在暂停",
    confirmPause: /^暂停任务 [0-9]+$/,
    notAllowed: "您的角色无法查看此页面",
    notOpened: "此链接未打开任何对话框",
    cancel: "取消任务…",
    confirmCancel: /^取消任务 [0-9]+$/,
    incomplete: "未完整",
    equal: "每个分片都一致",
    retry: /^重试 [0-9]+ 个分片…$/,
    delete: "删除任务…",
    verify: "重新核对",
    redeliverMissing: "仅补发缺失的事件…",
    startMissing: /^重新投递 [0-9]+ 个分片$/,
    ownRange: "自定义…",
    ownRangeLabel: "自定义时间范围",
    from: "开始",
    to: "结束",
    apply: "显示此时间范围",
    recorded: /^240 ?个事件$/,
    brushEnd: "选区结束",
    selected: /^已选择：/,
    testConnection: `测试 ${PROJECT} 的连接`,
    tested: `${PROJECT} 的测试`,
    accepted: "对方认可项目、日志库和密钥",
    titles: {
      trails: "跟踪",
      jobs: "投递任务",
      events: "事件",
      destinations: "投递目标",
      audit: "审计",
      "api-explorer": "API 调试",
      people: "成员",
      "access-keys": "访问密钥",
      security: "个人安全",
    },
    createTrail: "创建跟踪",
  },
} as const;

/** More than any page of the stories has to press before what is looked for. */
const TABS_MAX = 60;

/** Goes there as somebody without a pointer does. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let tab = 0; tab < TABS_MAX; tab++) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      return;
    }
    await page.keyboard.press("Tab");
  }
  throw new Error(`not reached with ${TABS_MAX} tabs: ${target}`);
}

/** What a story is told with: the browser of somebody with its role, in one look. */
type Scene = {
  readonly page: Page;
  readonly look: Look;
  readonly words: (typeof WORDS)[Look["language"]];
  readonly role: Role;
  readonly account: TestAccount;
  readonly addAuditEntries: (count: number) => Promise<void>;
};

type Story = {
  readonly roles: readonly Role[];
  /** The product's own unless the story needs another. */
  readonly logService?: LogServiceKind;
  /** Whether the person signs in as a part of it. */
  readonly isSignIn?: boolean;
  readonly tell: (scene: Scene) => Promise<void>;
};

const STORIES = {
  "comes from sign-in to a finished job by keyboard alone": {
    roles: ["operator", "admin"],
    isSignIn: true,
    tell: async ({ page, look, words, role, account }) => {
      const person = await account.addPerson(role);
      await page.goto("/sign-in");
      await expect(page.getByRole("button", { name: words.signIn })).toBeVisible();
      await expectWellMade(page, look);
      await tabTo(page, page.getByLabel(words.email));
      await page.keyboard.type(person.email);
      await tabTo(page, page.getByLabel(words.password));
      await page.keyboard.type(person.password);
      await expect(page.getByRole("button", { name: words.signIn })).toBeEnabled();
      await page.keyboard.press("Enter");
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.titles.trails);

      const dialog = page.getByRole("dialog");
      await pressUntilOpen(async () => {
        await tabTo(page, page.getByRole("button", { name: words.redeliver }));
        await page.keyboard.press("Enter");
      }, dialog);
      const start = dialog.getByRole("button", { name: words.start });
      await tabTo(page, start);
      await page.keyboard.press("Enter");
      await expect(page.getByRole("heading", { level: 1 })).toContainText(words.complete);
      await expect(page).toHaveURL(/\/jobs\/[0-9]+$/);
    },
  },
  "reads every page there is": {
    roles: ROLES,
    tell: async ({ page, look, words, role, account }) => {
      await account.storeConflicts(60);
      for (const name of ["trails", "jobs", "events", "destinations", "api-explorer"] as const) {
        await visit(page, look, name);
        if (role !== "admin") {
          await expect(page.getByRole("link", { name: words.titles.audit, exact: true })).toBeHidden();
        }
      }
      await page.goto(`/trails/${TRAIL}`);
      await expect(page.getByRole("heading", { level: 1 })).toContainText(TRAIL);
      await expectWellMade(page, look);
      await page.goto(`/destinations/cn-hangzhou/${PROJECT}/actiontrail_${TRAIL}?text=as-received&help=true`);
      await page
        .getByRole("button", { name: /StoredBefore/ })
        .first()
        .click();
      await expect(page.getByRole("complementary").getByRole("heading", { level: 2 })).toHaveText("StoredBefore");
      await expectWellMade(page, look);
    },
  },
  "is told what their role does not show": {
    roles: ["viewer", "operator"],
    tell: async ({ page, look, words }) => {
      await page.goto("/audit");
      await expect(page.getByRole("heading", { name: words.notAllowed })).toBeVisible();
      await expectWellMade(page, look);
      await page.goto("/trails?create=true");
      await expect(page.getByText(words.notOpened)).toBeVisible();
      await expectWellMade(page, look);
    },
  },
  "explores events and opens one": {
    roles: ROLES,
    tell: async ({ page, look }) => {
      await page.goto("/events?last=30d");
      const event = page.locator("[data-event-link]").first();
      await clickUntilOpen(event, page.getByRole("dialog"));
      await expect(page.getByRole("dialog").locator("pre").first()).toBeVisible();
      await expectWellMade(page, look);
    },
  },
  "brushes events": {
    roles: ROLES,
    tell: async ({ page, look, words }) => {
      await page.goto("/events?last=30d");
      const range = page.getByRole("dialog", { name: words.ownRangeLabel });
      await clickUntilOpen(page.getByRole("button", { name: words.ownRange }), range);
      await expectWellMade(page, look);
      // All that was recorded for the story, and nothing of what was done to make its account.
      await range.getByLabel(words.from, { exact: true }).fill(daysAgo(14));
      await range.getByLabel(words.to, { exact: true }).fill(daysAgo(8));
      await tabTo(page, range.getByRole("button", { name: words.apply }));
      await page.keyboard.press("Enter");
      await expect(range).toBeHidden();
      await expect(page.getByText(words.recorded).first()).toBeVisible();
      // The bars of the range before would take what is selected on them along.
      await expect(page.locator("[aria-busy=true]")).toHaveCount(0);

      const whole = page.url();
      const end = page.getByRole("slider", { name: words.brushEnd });
      await tabTo(page, end);
      await page.keyboard.press("ArrowLeft");
      await expect(page.getByText(words.selected)).toBeVisible();
      await expectWellMade(page, look);
      await tabTo(page, end);
      await page.keyboard.press("Enter");
      await expect(page).not.toHaveURL(whole);
      await expect(page.locator("[data-event-link]").first()).toBeVisible();
      await expectWellMade(page, look);
    },
  },
  "reads the report of a job": {
    roles: ROLES,
    tell: async ({ page, look, words, account }) => {
      await account.storeEndedJobs(12);
      await visit(page, look, "jobs");
      await page.getByRole("main").locator('a[href^="/jobs/"]').first().click();
      await expect(page.getByRole("heading", { level: 1 })).toContainText(words.complete);
      await expectWellMade(page, look);
    },
  },
  "watches a job and cancels it": {
    roles: ["operator", "admin"],
    // So that the job is still under way when it is looked at.
    logService: "held",
    tell: async ({ page, look, words }) => {
      const dialog = page.getByRole("dialog");
      const heading = await startHeldJob(page, look);
      await expectWellMade(page, look);

      await clickUntilOpen(page.getByRole("button", { name: words.cancel }), dialog);
      await expectWellMade(page, look);
      await dialog.getByRole("button", { name: words.confirmCancel }).click();
      await expect(heading).toContainText(words.cancelled);
      await expectWellMade(page, look);
    },
  },
  "limits a job and pauses it": {
    roles: ["operator", "admin"],
    logService: "held",
    tell: async ({ page, look, words }) => {
      const dialog = page.getByRole("dialog");
      const heading = await startHeldJob(page, look);
      const { pathname } = new URL(page.url());
      await page.goto(`${pathname}?ask=limit`);
      await expect(dialog).toBeVisible();
      await expectWellMade(page, look);
      await page.goto(`${pathname}?ask=pause`);
      await dialog.getByRole("button", { name: words.confirmPause }).click();
      await expect(heading).toContainText(words.pausing);
      await expect(dialog).toBeHidden();
      await expectWellMade(page, look);
    },
  },
  "mends a job": {
    roles: ["operator", "admin"],
    tell: async ({ page, look, words, account }) => {
      await account.storeConflicts(60);
      const dialog = page.getByRole("dialog");
      const heading = await startByDialog(page, look);
      await expect(heading).toContainText(words.incomplete);
      await expect(page.getByText(words.equal).first()).toBeVisible();
      await expectWellMade(page, look);
      for (const name of [words.retry, words.delete]) {
        await clickUntilOpen(page.getByRole("button", { name }), dialog);
        await expectWellMade(page, look);
        await page.keyboard.press("Escape");
        await expect(dialog).toBeHidden();
      }

      await account.loseLogs("all");
      await page.getByRole("button", { name: words.verify, exact: true }).click();
      const redeliver = page.getByRole("button", { name: words.redeliverMissing });
      await expect(redeliver).toBeVisible();
      await expectWellMade(page, look);
      await clickUntilOpen(redeliver, dialog);
      await expectWellMade(page, look);
      await dialog.getByRole("button", { name: words.startMissing }).click();
      await expect(heading).toContainText(words.complete);
      await expectWellMade(page, look);
    },
  },
  "asks for each change of a trail": {
    roles: ["admin"],
    tell: async ({ page, look, words }) => {
      for (const ask of ["edit", "stop", "delete"]) {
        await visitDialog(page, look, `/trails/${TRAIL}?ask=${ask}`);
      }
      await visitDialog(page, look, "/trails?create=true");
      await page.keyboard.press("Escape");
      await expect(page.getByRole("button", { name: words.createTrail })).toBeVisible();
    },
  },
  "looks after destinations": {
    roles: ["admin"],
    tell: async ({ page, look }) => {
      await visit(page, look, "destinations");
      await visitDialog(page, look, "/destinations?panel=add");
    },
  },
  "tests a destination": {
    roles: ["admin"],
    tell: async ({ page, look, words }) => {
      await page.goto("/destinations");
      const result = page.getByRole("region", { name: words.tested });
      await clickUntilOpen(page.getByRole("button", { name: words.testConnection }), result);
      await expect(result).toContainText(words.accepted);
      await expectWellMade(page, look);
    },
  },
  "looks after people": {
    roles: ["admin"],
    tell: async ({ page, look }) => {
      await visit(page, look, "people");
      await visitDialog(page, look, "/people?panel=invite");
    },
  },
  "looks after access keys": {
    roles: ["admin"],
    tell: async ({ page, look }) => {
      await visit(page, look, "access-keys");
      await visitDialog(page, look, "/access-keys?panel=make");
    },
  },
  "reads the audit": {
    roles: ["admin"],
    tell: async ({ page, look, addAuditEntries }) => {
      await addAuditEntries(3);
      await visit(page, look, "audit");
      const entry = page.getByRole("main").getByRole("row").getByRole("button").first();
      await clickUntilOpen(entry, page.getByRole("complementary"));
      await expectWellMade(page, look);
    },
  },
  "looks after their own security": {
    roles: ROLES,
    tell: ({ page, look }) => visit(page, look, "security"),
  },
} satisfies Record<string, Story>;

const NAMES = Object.keys(STORIES) as (keyof typeof STORIES)[];

function storyOf(name: keyof typeof STORIES): Story {
  return STORIES[name];
}

/** A page of the rail, which is well made. */
async function visit(page: Page, look: Look, name: keyof (typeof WORDS)["en"]["titles"]): Promise<void> {
  await page.goto(`/${name}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(WORDS[look.language].titles[name]);
  await expectWellMade(page, look);
}

/** A dialog by its address, which is well made. */
async function visitDialog(page: Page, look: Look, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectWellMade(page, look);
}

/** Starts a job by the dialog, which is well made; answers with the heading of the page, which becomes that of the job's. */
async function startByDialog(page: Page, look: Look): Promise<Locator> {
  const words = WORDS[look.language];
  await page.goto("/trails");
  const dialog = page.getByRole("dialog");
  await clickUntilOpen(page.getByRole("button", { name: words.redeliver }), dialog);
  await expect(dialog.getByRole("button", { name: words.start })).toBeVisible();
  await expectWellMade(page, look);
  await dialog.getByRole("button", { name: words.start }).click();
  return page.getByRole("heading", { level: 1 });
}

/** The same of a job whose log service gives no answer: it is delivering, and its slices are there. */
async function startHeldJob(page: Page, look: Look): Promise<Locator> {
  const heading = await startByDialog(page, look);
  await expect(heading).toContainText(WORDS[look.language].delivering);
  await expect(page.getByRole("gridcell").first()).toBeVisible();
  return heading;
}

const test = base.extend<{ said: string[] }>({
  /** What the browser has called an error: a story in which it does fails. */
  said: [
    async ({ page }, use) => {
      const said: string[] = [];
      page.on(
        "console",
        (message) => message.type() === "error" && said.push(`${message.text()} ${message.location().url}`),
      );
      page.on("pageerror", (error) => said.push(String(error)));
      await use(said);
      expect(said).toEqual([]);
    },
    { auto: true },
  ],
});

test("what the stories look for in Chinese pages is what the console says in English", () => {
  expect(ENGLISH_SENTENCES).toContain("One redelivery at a time in this account.");
  expect(ENGLISH_SENTENCES.length).toBeGreaterThan(500);
});

const tellings = process.env.E2E_LOOKS === "all" ? combinations : pairwise;

for (const { story, role, ...look } of tellings({ story: NAMES, role: ROLES, ...LOOKS }, ({ story, role }) =>
  storyOf(story).roles.includes(role),
)) {
  const { logService = "built-in", isSignIn = false, tell } = storyOf(story);
  test.describe(`on a ${look.size}, ${look.theme}, in ${look.language}`, () => {
    test.use({ viewport: VIEWPORTS[look.size], colorScheme: look.theme, locale: look.language, logService });
    test.slow();

    test(`${role === "viewer" ? "a" : "an"} ${role} ${story}`, async ({ page, signInAs, account, product }) => {
      if (!isSignIn) {
        await signInAs(role);
      }
      const addAuditEntries = (count: number) => product.addAuditEntries(account.accountId, count);
      await tell({ page, look, words: WORDS[look.language], role, account, addAuditEntries });
    });
  });
}
