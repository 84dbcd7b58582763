/** Within this time the slices of a worker that died or froze have gone on elsewhere (design 5). */
export const GOES_ON_MS = 45_000;

/** By then all that has gone on has ended, on a machine that is busy with other tests, too: a bound for what hangs. */
export const ENDS_MS = 180_000;

/** Prints a test's figures, one line, for those who want to know how hard it tried. */
export function report(name: string, figures: Readonly<Record<string, number>>): void {
  const parts = Object.entries(figures).map(([label, value]) => `${label} ${Math.round(value * 10) / 10}`);
  process.stdout.write(`${name}: ${parts.join(", ")}\n`);
}
