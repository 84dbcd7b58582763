import { agoInWords, secondInWords } from "./time.ts";

type InstantProps = {
  /** ISO 8601. */
  at: string;
  /** The server's time when `at` was read, ISO 8601. */
  now: string;
  /** What stands in the text; the other is on hover. */
  shown: "absolute" | "relative";
};

/** A time, always in UTC. */
export function Instant({ at, now, shown }: InstantProps) {
  const absolute = secondInWords(at);
  const relative = agoInWords(at, Date.parse(now));
  return (
    <time
      dateTime={at}
      title={shown === "absolute" ? relative : absolute}
      className={shown === "relative" ? "whitespace-nowrap" : undefined}
    >
      {shown === "absolute" ? absolute : relative}
    </time>
  );
}
