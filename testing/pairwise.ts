/** The values that each factor may have. */
type Factors = Readonly<Record<string, readonly string[]>>;

/** One value of each factor. */
type Combination<F extends Factors> = { readonly [Factor in keyof F]: F[Factor][number] };

/** Every combination that there is, in the order of the values. */
export function combinations<const F extends Factors>(
  factors: F,
  isPossible: (combination: Combination<F>) => boolean = () => true,
): Combination<F>[] {
  const all = Object.entries(factors).reduce<Record<string, string>[]>(
    (begun, [factor, values]) => begun.flatMap((some) => values.map((value) => ({ ...some, [factor]: value }))),
    [{}],
  );
  return (all as Combination<F>[]).filter(isPossible);
}

/**
 * Few of the combinations, in which every two values of different factors meet that meet in any. Always the one next that brings the most
 * new pairs: not proven to be the fewest, but as few as any value needs where one factor has many values and the others have two.
 */
export function pairwise<const F extends Factors>(
  factors: F,
  isPossible?: (combination: Combination<F>) => boolean,
): Combination<F>[] {
  const candidates = combinations(factors, isPossible).map((combination) => ({
    combination,
    pairs: pairsIn(combination),
  }));
  const missing = new Set(candidates.flatMap(({ pairs }) => pairs));
  const chosen: Combination<F>[] = [];
  while (missing.size > 0) {
    const news = candidates.map(({ pairs }) => pairs.filter((pair) => missing.has(pair)).length);
    const next = candidates[news.indexOf(Math.max(...news))];
    if (next === undefined) {
      break;
    }
    chosen.push(next.combination);
    for (const pair of next.pairs) {
      missing.delete(pair);
    }
  }
  return chosen;
}

/** The pairs of values that meet in a combination. */
export function pairsIn(combination: Readonly<Record<string, string>>): string[] {
  const values = Object.entries(combination).map((entry) => entry.join("="));
  return values.flatMap((one, position) => values.slice(position + 1).map((other) => `${one} ${other}`));
}
