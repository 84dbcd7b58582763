/** How a person has the console before them. */
export type Look = { readonly [Part in keyof typeof LOOKS]: (typeof LOOKS)[Part][number] };

export const LOOKS = {
  size: ["desktop", "phone"],
  theme: ["light", "dark"],
  language: ["en", "zh-CN"],
} as const;

export const VIEWPORTS = { desktop: { width: 1280, height: 800 }, phone: { width: 360, height: 740 } } as const;
