import { captureAction, sendAction } from "./captured-action.ts";
import { expectAccessible, expectNoSidewaysScroll } from "./expect-accessible.ts";
import { expect, test } from "./fixtures.ts";
import { JobPage } from "./pages/job-page.ts";
import { TrailPage } from "./pages/trail-page.ts";
import { TrailsPage } from "./pages/trails-page.ts";
import { startJob, TRAIL } from "./start-job.ts";

const PROJECT = "cn-hangzhou / history-test (built in)";

test.describe("an admin", () => {
  test.beforeEach(async ({ signInAs }) => {
    await signInAs("admin");
  });

  test("creates a trail, starts it, narrows it, stops it and deletes it", async ({ page }) => {
    const trails = new TrailsPage(page);
    const trail = new TrailPage(page);
    await trails.open();
    await trails.openCreation();
    await expect(trail.field("Log Service project")).toHaveValue(/project\/history-test$/);
    await trail.field("Name").fill("incident-318");
    await expect(trail.dialog).toContainText("Creates incident-318, off until you start it");
    await trail.answer("Create trail").click();

    await expect(trail.heading).toHaveText("incident-318 Never enabled");
    await expect(trail.toast("incident-318 was created.")).toBeVisible();
    await trail.control("Start").click();
    await trail.answer("Start the trail").click();
    await expect(trail.heading).toHaveText("incident-318 Enabled");

    await trail.control("Edit").click();
    await expect(trail.field("Name")).not.toBeEditable();
    await trail.dialog.getByRole("radio", { name: "Only these…" }).click();
    await trail.field("cn-hangzhou").check();
    await trail.dialog.getByRole("radio", { name: "Write events" }).click();
    await trail.answer("Save changes").click();
    await expect(trail.dialog).toBeHidden();
    await expect(trail.main).toContainText("Write events");
    await expect(trail.main).not.toContainText("All regions");

    await trail.control("Stop…").click();
    await expect(trail.dialog).toContainText("A stopped trail delivers nothing by itself.");
    await trail.answer("Stop the trail").click();
    await expect(trail.heading).toHaveText("incident-318 Stopped");
    await expect(trail.main).toContainText("Stopped: it delivers nothing by itself.");

    await trail.control("Delete…").click();
    await expect(trail.answer("Delete the trail")).toBeDisabled();
    await expect(trail.dialog).toContainText("The name is not typed yet.");
    await trail.field("To delete it, type its name: incident-318").fill("incident-318");
    await trail.answer("Delete the trail").click();
    await expect(page).toHaveURL(/\/trails$/);
    await expect(trails.row(TRAIL)).toBeVisible();
    await expect(trails.row("incident-318")).toBeHidden();
  });

  test("is told by each field what may be in it, and loses nothing by it", async ({ page }) => {
    const trails = new TrailsPage(page);
    const trail = new TrailPage(page);
    await trails.open();
    await trails.openCreation();
    await trail.field("Name").fill("Audit");
    await trail.field("Log Service project").selectOption("None");
    await trail.field("Key prefix").focus();
    await trail.answer("Create trail").click();
    await expect(trail.field("Name")).toHaveAccessibleDescription(/6 to 36 lowercase letters, digits, - and _, and/);
    await expect(trail.field("Name")).toBeFocused();
    await trail.field("Name").fill("audit-more-");
    await trail.field("OSS bucket").fill("Archive");
    await trail.answer("Create trail").click();
    await expect(trail.field("OSS bucket")).toHaveAccessibleDescription(/with a letter or a digit first/);
    await trail.field("OSS bucket").fill("");
    await trail.answer("Create trail").click();
    await expect(trail.dialog).toContainText("A trail needs a destination");
    await trail.field("Log Service project").selectOption(PROJECT);
    await trail.answer("Create trail").click();
    await expect(trail.field("Name")).toHaveAccessibleDescription(/has to end with a letter or a digit/);
    await expect(trail.field("Name")).toHaveValue("audit-more-");
    await trail.field("Name").fill(TRAIL);
    await trail.answer("Create trail").click();
    await expect(trail.message).toContainText("A trail of this name exists in this account.");
    await expect(trail.field("Name")).toHaveValue(TRAIL);
    await trail.dialog.getByRole("radio", { name: "Only these…" }).click();
    await trail.answer("Create trail").click();
    const regions = trail.dialog.getByRole("group", { name: "Regions", exact: true });
    await expect(regions).toHaveAccessibleDescription("Choose at least one region, or all of them.");
    await expect(regions.getByRole("checkbox").first()).toBeFocused();
  });

  test("hears of each choice of the form what it means, and ticks regions as they like", async ({ page }) => {
    const trail = new TrailPage(page);
    await page.goto("/trails?create=true");
    const regionChoice = trail.dialog.getByRole("radiogroup", { name: "Events of" });
    await expect(regionChoice).toHaveAccessibleDescription("Also events of regions that are added later.");
    await trail.dialog.getByRole("radio", { name: "Only these…" }).click();
    await expect(regionChoice).toHaveAccessibleDescription("Events of other regions are left out, today and later.");
    await expect(trail.dialog.getByRole("group", { name: "Regions", exact: true })).toHaveAccessibleDescription(
      "Events of other regions are left out, today and later.",
    );
    // One is ticked by key and by a press on its name.
    const regions = trail.dialog.getByRole("group", { name: "Regions", exact: true });
    const region = regions.getByRole("checkbox", { name: "cn-hangzhou", exact: true });
    await region.press("Space");
    await expect(region).toBeChecked();
    await regions.getByText("cn-hangzhou", { exact: true }).click();
    await expect(region).not.toBeChecked();
    await expect(trail.dialog.getByRole("radiogroup", { name: "Which events" })).toHaveAccessibleDescription(
      /^Write events change something\./,
    );
  });

  test("is refused the sixth trail of a home region, and takes another region", async ({ page }) => {
    const trails = new TrailsPage(page);
    const trail = new TrailPage(page);
    // Each test account has four in cn-hangzhou.
    for (const name of ["fifth-trail", "sixth-trail"]) {
      await trails.open();
      await trails.openCreation();
      await trail.field("Name").fill(name);
      await trail.answer("Create trail").click();
      if (name === "fifth-trail") {
        await expect(trail.heading).toContainText(name);
      }
    }
    await expect(trail.message).toContainText("This home region has five trails already");
    await trail.field("Home region").selectOption("cn-shanghai");
    await trail.answer("Create trail").click();
    await expect(trail.heading).toContainText("sixth-trail");
  });

  test("finds a dialog again by its address, also after a reload", async ({ page }) => {
    const trail = new TrailPage(page);
    await page.goto(`/trails/${TRAIL}?ask=stop`);
    await expect(trail.dialog).toContainText(`Stop ${TRAIL}?`);
    await page.reload();
    await expect(trail.dialog).toContainText(`Stop ${TRAIL}?`);
    await page.keyboard.press("Escape");
    await expect(trail.dialog).toBeHidden();
    await expect(page).toHaveURL(new RegExp(`/trails/${TRAIL}$`));
  });

  test.describe("while a job of the trail runs", () => {
    test.use({ logService: "held" });

    test("is refused its deletion, with the job to look at", async ({ page }) => {
      const { jobId } = await startJob(page);
      const trail = new TrailPage(page);
      await page.goto(`/trails/${TRAIL}?ask=delete`);
      await trail.field(`To delete it, type its name: ${TRAIL}`).fill(TRAIL);
      await trail.answer("Delete the trail").click();
      await expect(trail.message).toContainText(`Job ${jobId} is delivering this trail's history.`);
      await trail.message.getByRole("link", { name: `Open job ${jobId}` }).click();
      await expect(new JobPage(page).heading).toContainText(`Job ${jobId}`);
    });
  });
});

test("the list is found through and sorted by its address", async ({ page, signInAs }) => {
  await signInAs("viewer");
  const trails = new TrailsPage(page);
  await trails.open();
  const names = page.getByRole("row").getByRole("link", { name: /^[a-z-]+$/ });
  await expect(names).toHaveText(["all-regions", "archive-oss", "never-enabled", "org-wide"]);
  await trails.sortButton("Trail").press("Enter");
  await trails.sortButton("Trail").press("Enter");
  await expect(names).toHaveText(["org-wide", "never-enabled", "archive-oss", "all-regions"]);
  await page.getByLabel("Find a trail").fill("history-test");
  await expect(names).toHaveText(["org-wide", "never-enabled", "all-regions"]);
  await page.getByLabel("Status").selectOption("Enabled");
  await expect(names).toHaveText(["all-regions"]);
  await expect(page).toHaveURL(/status=Enable/);

  await page.reload();
  await expect(names).toHaveText(["all-regions"]);
  await page.getByLabel("Find a trail").fill("nothing like it");
  await expect(page.getByRole("main")).toContainText("No trail fits these filters");
  await page.getByRole("button", { name: "Clear filters" }).first().click();
  await expect(names).toHaveText(["org-wide", "never-enabled", "archive-oss", "all-regions"]);
});

test("a viewer and an operator see no controls, and the server refuses what they send", async ({
  page,
  signInAs,
  context,
}) => {
  await signInAs("admin");
  const trail = new TrailPage(page);
  await page.goto(`/trails/${TRAIL}?ask=stop`);
  const captured = await captureAction(page, new RegExp(`/trails/${TRAIL}`), () =>
    trail.answer("Stop the trail").click(),
  );
  for (const role of ["viewer", "operator"] as const) {
    await context.clearCookies();
    await signInAs(role);

    await page.goto(`/trails/${TRAIL}?ask=stop`);
    await expect(trail.heading).toHaveText(`${TRAIL} Enabled`);
    await expect(trail.controls).toBeHidden();
    await expect(trail.dialog).toBeHidden();
    expect(await sendAction(page, captured)).toContain('"code":"NoPermission"');
    await page.reload();
    await expect(trail.heading).toHaveText(`${TRAIL} Enabled`);
    await new TrailsPage(page).open();
    await expect(new TrailsPage(page).createButton).toBeHidden();
  }
});

test("trail, form and questions are accessible and fit a screen of 360 pixels", async ({ page, signInAs }) => {
  test.slow();
  await signInAs("admin");
  const trail = new TrailPage(page);
  for (const address of [
    "/trails?create=true",
    `/trails/${TRAIL}`,
    `/trails/${TRAIL}?ask=edit`,
    `/trails/${TRAIL}?ask=delete`,
    `/trails?redeliver=${TRAIL}`,
  ]) {
    await page.goto(address);
    await expect(address.includes("?") ? trail.dialog : trail.controls).toBeVisible();
    await expectAccessible(page);
  }
  await page.setViewportSize({ width: 360, height: 740 });
  for (const address of ["/trails?create=true", `/trails/${TRAIL}?ask=edit`, `/trails/${TRAIL}`]) {
    await page.goto(address);
    await expect(address.includes("?") ? trail.dialog : trail.controls).toBeVisible();
    await expectNoSidewaysScroll(page);
  }
});
