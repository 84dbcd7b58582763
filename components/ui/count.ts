const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** 1204331 as 1,204,331. */
export function inGroups(count: number): string {
  return grouped.format(count);
}

/** "1 event", "1,204,331 events". */
export function countOf(count: number, one: string, many: string): string {
  return `${inGroups(count)} ${count === 1 ? one : many}`;
}

/** A share from 0 to 1 in whole percent, rounded down so that 100 % is said only of what is whole. */
export function inPercent(share: number): string {
  return `${Math.floor(share * 100)} %`;
}

const BYTE_UNITS = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** Bytes in decimal units with three figures, as a person compares them. */
export function inBytes(bytes: number): string {
  const power = bytes < 1_000 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** power;
  const digits = power === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${BYTE_UNITS[power]}`;
}
