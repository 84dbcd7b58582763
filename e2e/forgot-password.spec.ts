import { startConsoleBeside } from "./console-beside.ts";
import { expectAccessible, expectToFitPhone } from "./expect-accessible.ts";
import { test as base, expect } from "./fixtures.ts";

const test = base.extend<{
  /** The address of a console that sends mails, beside that of the other tests, which sends none. */
  mailingConsole: string;
}>({
  mailingConsole: async ({ product: _product }, use) => {
    const web = await startConsoleBeside((address) => ({
      PUBLIC_URL: address,
      MAIL_FROM: "backtrail@backtrail.test",
      // Nothing listens there: what is shown must not depend on whether a mail went out.
      SMTP_URL: "smtp://127.0.0.1:1",
    }));
    await use(web.address);
    await web.stop();
  },
});

test("who has forgotten a password is told the same whether they are known or not, without accessibility violations", async ({
  page,
  account,
  mailingConsole,
}) => {
  test.slow();
  const known = await account.addPerson("viewer");
  const main = page.getByRole("main");
  for (const email of ["nobody@backtrail.test", known.email]) {
    await page.goto(`${mailingConsole}/forgot-password`);
    const send = main.getByRole("button", { name: "Send link" });
    await expect(send).toBeEnabled();
    await expectAccessible(page);
    await expectToFitPhone(page);
    await main.getByLabel("E-mail").fill(email);
    await send.click();
    await expect(main.getByText("If somebody here has this address, a link is on its way.")).toBeVisible();
    await expect(main.getByRole("alert")).toBeHidden();
    await expectAccessible(page);
  }
});
