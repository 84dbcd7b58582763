export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** Where a person's choice is kept; the browser itself writes it. */
export const THEME_COOKIE = "theme";

/** The person's choice; without one, what their system says. */
export function themeOf(chosen: string | undefined): Theme {
  return THEMES.find((theme) => theme === chosen) ?? "system";
}
