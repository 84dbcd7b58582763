/** One line of a benchmark's answer: `figure: value unit`. */
export type Figure = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it may be at most, where that is promised. */
  readonly most?: number;
  /** What it has to be at least, where that is promised. */
  readonly least?: number;
  /** What is aimed at, beyond the bound. */
  readonly aim?: number;
};

/** A figure as it is printed: with what is asked of it, where something is, and whether that is missed, kept, or the aim reached. */
export function lineOf(figure: Figure): string {
  const { name, value, unit } = figure;
  return `${name}: ${value} ${unit}`.trimEnd() + verdictOf(figure);
}

function verdictOf(figure: Figure): string {
  const { value, most, least, aim } = figure;
  if (most === undefined && least === undefined) {
    return "";
  }
  const asked = most === undefined ? `at least ${least}` : `at most ${most}`;
  const isReached = aim !== undefined && (most === undefined ? value >= aim : value <= aim);
  const verdict = isMissed(figure) ? "MISSED" : isReached ? "reached" : "kept";
  return ` [${asked}${aim === undefined ? "" : `, aim ${aim}`}: ${verdict}]`;
}

/** Whether a figure is beyond a bound. What could not be measured keeps none. */
export function isMissed({ value, most, least }: Pick<Figure, "value" | "most" | "least">): boolean {
  return (most !== undefined && !(value <= most)) || (least !== undefined && !(value >= least));
}
