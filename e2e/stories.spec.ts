import type { Locator, Page } from "@playwright/test";
import { expectAccessible, expectNoSidewaysScroll } from "./expect-accessible.ts";
import { expect, test } from "./fixtures.ts";
import { type Look, looksOf, VIEWPORTS } from "./looks.ts";
import { clickUntilOpen, pressUntilOpen } from "./pages/press-until-open.ts";
import { TRAIL } from "./start-job.ts";

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
    cancel: "Cancel job…",
    confirmCancel: /^Cancel job [0-9]+$/,
    titles: {
      trails: "Trails",
      jobs: "Jobs",
      events: "Events",
      destinations: "Destinations",
      audit: "Audit",
      "api-explorer": "API explorer",
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
    cancel: "取消任务…",
    confirmCancel: /^取消任务 [0-9]+$/,
    titles: {
      trails: "跟踪",
      jobs: "投递任务",
      events: "事件",
      destinations: "投递目标",
      audit: "审计",
      "api-explorer": "API 调试",
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

function inWords({ size, theme, language }: Look): string {
  return `a ${size}, ${theme}, in ${language}`;
}

function browserOf({ size, theme, language }: Look) {
  return { viewport: VIEWPORTS[size], colorScheme: theme, locale: language };
}

async function expectWellMade(page: Page, { size }: Look): Promise<void> {
  // At full size each page's own tests look.
  if (size === "phone") {
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  }
}

for (const look of looksOf("keyboard")) {
  test.describe(`on ${inWords(look)}`, () => {
    test.use(browserOf(look));
    test.slow();

    test("an operator comes from sign-in to a finished job by keyboard alone", async ({ page, account }) => {
      const words = WORDS[look.language];
      const person = await account.addPerson("operator");
      await page.goto("/sign-in");
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
    });
  });
}

for (const look of looksOf("viewer")) {
  test.describe(`on ${inWords(look)}`, () => {
    test.use(browserOf(look));
    test.slow();

    test("a viewer reads every page there is", async ({ page, signInAs, account }) => {
      const { titles } = WORDS[look.language];
      await account.storeConflicts(60);
      await signInAs("viewer");
      for (const name of ["trails", "jobs", "events", "destinations", "api-explorer"] as const) {
        await page.goto(`/${name}`);
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(titles[name]);
        await expect(page.getByRole("link", { name: titles.audit, exact: true })).toBeHidden();
        await expectWellMade(page, look);
      }
      await page.goto(`/trails/${TRAIL}`);
      await expect(page.getByRole("heading", { level: 1 })).toContainText(TRAIL);
      await expectWellMade(page, look);
      await page.goto(`/destinations/cn-hangzhou/history-test/actiontrail_${TRAIL}?text=as-received&help=true`);
      await page
        .getByRole("button", { name: /StoredBefore/ })
        .first()
        .click();
      await expect(page.getByRole("complementary").getByRole("heading", { level: 2 })).toHaveText("StoredBefore");
      await expectWellMade(page, look);
    });
  });
}

for (const look of looksOf("operator")) {
  test.describe(`on ${inWords(look)}`, () => {
    // So that the job is still under way when it is looked at.
    test.use({ ...browserOf(look), logService: "held" });
    test.slow();

    test("an operator watches a job and cancels it", async ({ page, signInAs }) => {
      const words = WORDS[look.language];
      await signInAs("operator");
      await page.goto("/trails");
      const dialog = page.getByRole("dialog");
      await clickUntilOpen(page.getByRole("button", { name: words.redeliver }), dialog);
      await expect(dialog.getByRole("button", { name: words.start })).toBeVisible();
      await expectWellMade(page, look);
      await dialog.getByRole("button", { name: words.start }).click();
      const heading = page.getByRole("heading", { level: 1 });
      await expect(heading).toContainText(words.delivering);
      await expect(page.getByRole("gridcell").first()).toBeVisible();
      await expectWellMade(page, look);

      await clickUntilOpen(page.getByRole("button", { name: words.cancel }), dialog);
      await expectWellMade(page, look);
      await dialog.getByRole("button", { name: words.confirmCancel }).click();
      await expect(heading).toContainText(words.cancelled);
      await expectWellMade(page, look);
    });
  });
}

for (const look of looksOf("admin")) {
  test.describe(`on ${inWords(look)}`, () => {
    test.use(browserOf(look));
    test.slow();

    test("an admin reads the audit and begins a trail", async ({ page, signInAs }) => {
      const words = WORDS[look.language];
      await signInAs("admin");
      await page.goto("/audit");
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.titles.audit);
      await expectWellMade(page, look);
      await page.goto("/trails?create=true");
      await expect(page.getByRole("dialog")).toBeVisible();
      await expectWellMade(page, look);
      await page.keyboard.press("Escape");
      await expect(page.getByRole("button", { name: words.createTrail })).toBeVisible();
    });
  });
}
