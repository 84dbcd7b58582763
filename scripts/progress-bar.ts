import { stdout } from "node:process";

/** How far a long piece of work is: `done` of `total` in any unit, and what to say about it. */
export type Progress = { readonly done: number; readonly total: number; readonly text: string };

/** On a terminal the line is drawn anew; anywhere else each report is a line of its own, so they come seldom. */
const TERMINAL_INTERVAL_MS = 200;
const PLAIN_INTERVAL_MS = 5_000;

const BAR_WIDTH = 24;

/** Shows the progress until the returned function is called, which leaves a clear line behind. */
export function showProgress(read: () => Progress): () => void {
  const startedAt = performance.now();
  const show = () => {
    const line = progressLine(read(), performance.now() - startedAt);
    stdout.write(stdout.isTTY ? `\r\x1b[2K${line.slice(0, stdout.columns - 1)}` : `${line}\n`);
  };
  const timer = setInterval(show, stdout.isTTY ? TERMINAL_INTERVAL_MS : PLAIN_INTERVAL_MS);
  return () => {
    clearInterval(timer);
    if (stdout.isTTY) {
      stdout.write("\r\x1b[2K");
    }
  };
}

/** One line: a bar, the share, the text, and the time left if the rest goes as fast as what is done. */
export function progressLine({ done, total, text }: Progress, elapsedMs: number): string {
  const share = total > 0 ? Math.min(done / total, 1) : 0;
  const filled = Math.floor(share * BAR_WIDTH);
  const bar = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
  const left = share > 0 ? `${duration((elapsedMs / share) * (1 - share))} left` : "";
  return [` ${bar}`, `${Math.floor(share * 100)}%`, text, left].filter((part) => part !== "").join("  ");
}

function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** 1234567 as "1,234,567". */
export function grouped(count: number): string {
  return Math.round(count).toLocaleString("en");
}

/** Bytes as kB, MB or GB of powers of ten, as files are sized. */
export function fileSize(bytes: number): string {
  const units = [
    { size: 1e9, name: "GB" },
    { size: 1e6, name: "MB" },
  ];
  const unit = units.find(({ size }) => bytes >= size) ?? { size: 1e3, name: "kB" };
  return `${(bytes / unit.size).toFixed(1)} ${unit.name}`;
}
