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

type Story = "keyboard" | "viewer" | "operator" | "admin";

/**
 * In which looks each story is told: in two that have nothing in common, so that each value meets each story, and over all stories each
 * value meets each value of the others.
 */
const PAIRWISE: Readonly<Record<Story, readonly Look[]>> = {
  keyboard: pair({ size: "desktop", theme: "light", language: "en" }),
  viewer: pair({ size: "phone", theme: "light", language: "en" }),
  operator: pair({ size: "phone", theme: "dark", language: "en" }),
  admin: pair({ size: "desktop", theme: "dark", language: "en" }),
};

/** A look, and the one that is different in everything. */
function pair({ size, theme, language }: Look): readonly Look[] {
  return [
    { size, theme, language },
    {
      size: size === "phone" ? "desktop" : "phone",
      theme: theme === "dark" ? "light" : "dark",
      language: language === "en" ? "zh-CN" : "en",
    },
  ];
}

/** All of them in `npm run test:full`. */
export function looksOf(story: Story): readonly Look[] {
  return process.env.E2E_LOOKS === "all" ? ALL : PAIRWISE[story];
}
