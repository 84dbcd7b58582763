import { globSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { wordsIn } from "@/components/language/words.ts";
import { NotAllowedPage } from "@/components/ui/not-allowed-page.tsx";
import { DomainError } from "@/domain/errors.ts";

vi.mock("./session.ts", () => ({
  requirePerson: async () => ({}),
  requireScope: async () => {
    throw new DomainError("NoPermission");
  },
}));
vi.mock("./preferences.ts", () => ({ getWords: async (words: Parameters<typeof wordsIn>[0]) => wordsIn(words, "en") }));

const APP = join(import.meta.dirname, "..");

/** Where people look after their own way in, whatever their role. */
const OWN_PAGE = "(console)/security/page.tsx";

/** Every page of an account; the others are for who is in none. */
const PAGES = globSync("**/page.tsx", { cwd: APP }).filter((path) => path.startsWith("(console)") && path !== OWN_PAGE);

type Page = (address: object) => Promise<{ type: unknown; props: object }>;

/** What the pages of one thing are asked for: as good as any other, where nothing of it may be seen. */
const ADDRESS = {
  params: Promise.resolve({
    name: "a-trail",
    id: "42",
    region: "cn-hangzhou",
    project: "audit",
    logstore: "a-logstore",
  }),
  searchParams: Promise.resolve({}),
};

test.each(PAGES)("%s says that the role does not show it, under its own title", async (path) => {
  const { default: draw }: { default: Page } = await import(join(APP, path));
  const { type, props } = await draw(ADDRESS);
  expect(type).toBe(NotAllowedPage);
  expect(props).toHaveProperty("title", expect.stringMatching(/./));
});
