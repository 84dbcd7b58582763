import { describe, expect, it } from "vitest";
import { languageOf } from "./language.ts";

describe("the language of a page", () => {
  it("is the person's own choice, whatever the browser prefers", () => {
    expect(languageOf("zh-CN", "en-US,en")).toBe("zh-CN");
    expect(languageOf("en", "zh-CN")).toBe("en");
  });

  it.each([
    ["zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"],
    ["zh", "zh-CN"],
    ["zh-Hant-TW", "zh-CN"],
    ["de-DE,de;q=0.9,zh;q=0.5,en;q=0.7", "en"],
    ["fr, zh-CN;q=0.2", "zh-CN"],
    ["zh;q=0, en", "en"],
    ["*", "en"],
    ["", "en"],
  ])("is the first that there is among %j: %s", (accepted, language) => {
    expect(languageOf(undefined, accepted)).toBe(language);
  });

  it("is English where a choice is none of ours and nothing is known of the browser", () => {
    expect(languageOf("tlh", null)).toBe("en");
  });
});
