/** How a person has the console before them. */
export type Look = {
  readonly size: keyof typeof VIEWPORTS;
  readonly theme: "light" | "dark";
  readonly language: "en" | "zh-CN";
};

export const VIEWPORTS = { desktop: { width: 1280, height: 800 }, phone: { width: 360, height: 740 } } as const;

const ALL: readonly Look[] = (["desktop", "phone"] as const).flatMap((size) =>
  (["light", "dark"] as const).flatMap((theme) =>
    (["en", "zh-CN"] as const).map((language) => ({ size, theme, language })),
  ),
);

/** Each value of each beside each value of the others, in the fewest looks: those with an even number of second choices. */
const PAIRWISE = ALL.filter(
  ({ size, theme, language }) =>
    [size === "phone", theme === "dark", language === "zh-CN"].filter(Boolean).length % 2 === 0,
);

/** All of them in `npm run test:full`. */
export const LOOKS = process.env.E2E_LOOKS === "all" ? ALL : PAIRWISE;
