import type { Language } from "./language.ts";

const grouped = {
  en: new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 }),
  "zh-CN": new Intl.NumberFormat("zh-CN", { maximumFractionDigits: 0 }),
} satisfies Record<Language, Intl.NumberFormat>;

/** 1204331 as 1,204,331. */
export function inGroups(count: number, language: Language): string {
  return grouped[language].format(count);
}

/** A share from 0 to 1 in whole percent, rounded down so that 100 is said only of what is whole. */
export function wholePercentOf(share: number): number {
  // 0.29 * 100 is 28.999999999999996; 14 figures drop that error, and keep one event that is missing of a hundred thousand million.
  return Math.floor(Number((share * 100).toPrecision(14)));
}

/** wholePercentOf in words: "29 %". */
export function inPercent(share: number): string {
  return `${wholePercentOf(share)} %`;
}

const BYTE_UNITS = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** Bytes in decimal units with three figures, as a person compares them. */
export function inBytes(bytes: number): string {
  if (bytes < 1_000) {
    return `${bytes} B`;
  }
  // Rounded before the unit is chosen, or 999,600 bytes would be "1000 kB".
  const rounded = Number(bytes.toPrecision(3));
  const power = Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log10(rounded) / 3));
  return `${(rounded / 1_000 ** power).toPrecision(3)} ${BYTE_UNITS[power]}`;
}
