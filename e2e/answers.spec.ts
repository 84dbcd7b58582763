import type { Locator, Page, Request, Route } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { AuditPage } from "./pages/audit-page.ts";
import { DestinationsPage } from "./pages/destinations-page.ts";
import { LogstorePage } from "./pages/logstore-page.ts";
import { TrailsPage } from "./pages/trails-page.ts";
import { PROJECT, startJob, TRAIL } from "./start-job.ts";

// Every press is tried several times, on a page loaded for it.
test.slow();

/** How long after a press its control has to look different, in milliseconds. */
const ANSWER_MS_MAX = 100;

/** A machine that is busy with something else answers late by no fault of the page's: the fastest press counts. */
const PRESSES = 3;

/** A server action that a person has started. */
function isAction(request: Request): boolean {
  return request.method() === "POST" && request.headers()["next-action"] !== undefined;
}

/** What Next reads of the server when the address changes; not what it reads ahead of that. */
function isReading(request: Request): boolean {
  const headers = request.headers();
  return headers.rsc !== undefined && headers["next-router-prefetch"] === undefined;
}

/** Holds these back from now on, for whoever asks to end: what changes meanwhile is the page's own doing. */
async function withhold(page: Page, isWithheld: (request: Request) => boolean): Promise<Route[]> {
  const withheld: Route[] = [];
  await page.route("**/*", async (route) => {
    if (isWithheld(route.request())) {
      withheld.push(route);
    } else {
      await route.fallback();
    }
  });
  return withheld;
}

/** Presses a control and answers with how long after the press, by the page's own clock, it changed; in milliseconds. */
async function answerTimeOf(control: Locator): Promise<number> {
  const changed = await control.evaluateHandle((element) => {
    const { promise, resolve } = Promise.withResolvers<number>();
    element.addEventListener(
      "click",
      ({ timeStamp }) => {
        const observer = new MutationObserver(() => {
          observer.disconnect();
          resolve(performance.now() - timeStamp);
        });
        observer.observe(element, { attributes: true, characterData: true, childList: true, subtree: true });
      },
      { capture: true, once: true },
    );
    // In an object, because a handle of a promise waits for it.
    return { promise };
  });
  await control.click();
  const answerTime = await changed.evaluate(({ promise }) => promise);
  await changed.dispose();
  return answerTime;
}

/** Presses what `open` finds on a page of its own making, several times, while nothing of the server's comes back. */
async function expectAnswered(
  page: Page,
  isWithheld: (request: Request) => boolean,
  open: () => Promise<Locator>,
): Promise<void> {
  const answerTimes: number[] = [];
  for (let press = 0; press < PRESSES; press += 1) {
    const control = await open();
    // Pressed before the page is alive, it would do nothing: only then a time says what it is where the reader is.
    await expect(page.locator("main").getByTitle("(your time)").first()).toBeAttached();
    await page.waitForLoadState("networkidle");
    const withheld = await withhold(page, isWithheld);
    answerTimes.push(await answerTimeOf(control));
    // A press that sends nothing proves nothing.
    await expect.poll(() => withheld.length).toBeGreaterThan(0);
    // An action that was let go would reach the server after all. A reading may; dropped, it would have Next load the page anew.
    await Promise.all(withheld.filter((route) => isAction(route.request())).map((route) => route.abort()));
    await page.unrouteAll();
  }
  expect(Math.min(...answerTimes)).toBeLessThan(ANSWER_MS_MAX);
}

test("the start of a job answers before the server does", async ({ page, signInAs }) => {
  await signInAs("operator");
  const trails = new TrailsPage(page);
  await expectAnswered(page, isAction, async () => {
    await trails.open();
    const { startButton } = await trails.openDialog(TRAIL);
    // The number comes with the counts, and would be a change of the button by itself.
    await expect(startButton).toHaveText(/^Redeliver [0-9,]+ events$/);
    return startButton;
  });
});

test("a verification answers before the server does", async ({ page, signInAs }) => {
  await signInAs("operator");
  const { job, jobId } = await startJob(page);
  await expect(job.heading).toHaveText(`Job ${jobId} Complete`);
  await expect(job.verification).toContainText("Equal in every slice");
  await expectAnswered(page, isAction, async () => {
    await job.open(jobId);
    await expect(job.control("Verify again")).toBeEnabled();
    return job.control("Verify again");
  });
});

test("a test of a connection answers before the server does", async ({ page, signInAs }) => {
  await signInAs("admin");
  const destinations = new DestinationsPage(page);
  await expectAnswered(page, isAction, async () => {
    await destinations.open();
    return destinations.testButton(PROJECT);
  });
});

test("older entries of the audit answer before the server does", async ({ page, signInAs, product, account }) => {
  await product.addAuditEntries(account.accountId, 60);
  await signInAs("admin");
  const audit = new AuditPage(page);
  await expectAnswered(page, isReading, async () => {
    await audit.open("?who=bulk");
    return audit.older;
  });
});

test("older logs of a logstore answer before the server does", async ({ page, signInAs, account }) => {
  await account.storeConflicts(60);
  await signInAs("viewer");
  const logstore = new LogstorePage(page);
  await expectAnswered(page, isReading, async () => {
    await logstore.open();
    return logstore.older;
  });
});

test.describe("while a job delivers to a log service that holds its answers", () => {
  test.use({ logService: "held" });

  test("its pause answers before the server does", async ({ page, signInAs }) => {
    await signInAs("operator");
    const { job, jobId } = await startJob(page);
    await expect(job.heading).toHaveText(`Job ${jobId} Delivering`);
    await expectAnswered(page, isAction, async () => {
      await job.open(jobId);
      await job.openDialog("Pause…");
      return job.dialog.getByRole("button", { name: `Pause job ${jobId}` });
    });
  });
});
