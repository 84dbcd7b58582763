export const LANGUAGES = ["en", "zh-CN"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Its own name, which is the same in every language. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: "English", "zh-CN": "简体中文" };

/** Where a person's choice is kept; it says nothing about them, and the browser itself writes it. */
export const LANGUAGE_COOKIE = "language";

/**
 * The person's own choice; without one, the first of the browser's languages that there is, in its order of preference; else
 * English. Any Chinese is answered in Simplified Chinese, which its readers are closer to than to English.
 * @param accepted the header Accept-Language
 */
export function languageOf(chosen: string | undefined, accepted: string | null): Language {
  return LANGUAGES.find((language) => language === chosen) ?? preferred(accepted ?? "") ?? "en";
}

function preferred(accepted: string): Language | undefined {
  const ranges = accepted.split(",").map((range) => {
    const [tag = "", ...parameters] = range.trim().toLowerCase().split(";");
    const quality = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith("q="));
    return { tag, quality: quality === undefined ? 1 : Number(quality.slice(2)) };
  });
  return ranges
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality)
    .map(({ tag }) => LANGUAGES.find((language) => tag.split("-")[0] === language.split("-")[0]))
    .find((language) => language !== undefined);
}
