/** Each tone stands for two series: plain for one, hatched for the other. */
export const TONES = ["var(--series-1)", "var(--series-2)", "var(--series-3)", "var(--series-4)"] as const;

const OTHERS_TONE = "var(--ink-3)";

/** The tone of a series by its position; the last of all, which stands for what is left, has none of its own. */
export function seriesTone(position: number, region: string | null): string {
  return region === null ? OTHERS_TONE : (TONES[position % TONES.length] ?? OTHERS_TONE);
}

/** What fills a series' bars: its tone, or the hatching of that tone (`id` of the patterns, then the tone's position). */
export function seriesFill(position: number, region: string | null, id: string): string {
  return region === null || position < TONES.length
    ? seriesTone(position, region)
    : `url(#${id}-${position % TONES.length})`;
}

/** The look of a series beside its name. */
export function SeriesMark({ position, region }: { position: number; region: string | null }) {
  const tone = seriesTone(position, region);
  const isHatched = region !== null && position >= TONES.length;
  return (
    <span
      aria-hidden
      className="size-2.5 shrink-0 rounded-cell"
      style={{
        background: isHatched ? `repeating-linear-gradient(45deg, ${tone} 0 2px, var(--card) 2px 4px)` : tone,
      }}
    />
  );
}
