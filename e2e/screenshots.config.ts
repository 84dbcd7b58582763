import base from "./playwright.config.ts";

/** Who signs in for the pictures; the product makes this person at its first start. */
export const PHOTOGRAPHER = { email: "operator@backtrail.test", password: "only-for-pictures" } as const;

// `npm run screenshots`: the product with its sample, in the language and size that the README shows.
export default {
  ...base,
  testMatch: "screenshots.ts",
  timeout: 400_000,
  workers: 1,
  use: { ...base.use, locale: "en-US", timezoneId: "UTC", trace: "off", viewport: { width: 1280, height: 860 } },
  webServer: {
    ...base.webServer,
    env: {
      ...(Array.isArray(base.webServer) ? {} : base.webServer?.env),
      SAMPLE: "on",
      ADMIN_EMAIL: PHOTOGRAPHER.email,
      ADMIN_PASSWORD: PHOTOGRAPHER.password,
    },
  },
};
