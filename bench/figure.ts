/** One line of a benchmark's answer: `figure: value unit`. */
export type Figure = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it may be at most, where that is promised. */
  readonly most?: number;
};

/** A figure as it is printed: with its bound, where it has one, and whether that is kept. */
export function lineOf({ name, value, unit, most }: Figure): string {
  const verdict = most === undefined ? "" : ` [at most ${most}: ${isMissed({ value, most }) ? "MISSED" : "kept"}]`;
  return `${name}: ${value} ${unit}`.trimEnd() + verdict;
}

/** Whether a figure is over its bound. What could not be measured keeps none. */
export function isMissed({ value, most }: Pick<Figure, "value" | "most">): boolean {
  return most !== undefined && !(value <= most);
}
