import { VALUES_OF_KEY } from "./events-data.ts";
import type { Figure } from "./figure.ts";

const SPANS = ["1h", "24h", "7d", "30d", "90d"] as const;

/** Pages read one behind the other, from the middle of history on. */
const DEEP_PAGES = 40;

/** How often each question is asked; the first time nothing of its answer is in memory. */
const ROUNDS = 3;

type Ask = (path: string) => Promise<{ ms: number; body: unknown }>;

/**
 * How long the history explorer's answers take, as its page asks for them. Times are of whole answers over HTTP, one at a time.
 * @param cookie of a session that may look events up
 */
export async function measureAnswers(base: string, cookie: string): Promise<readonly Figure[]> {
  const ask: Ask = async (path) => {
    const begun = performance.now();
    const response = await fetch(`${base}${path}`, { headers: { cookie, accept: "application/json" } });
    const body: unknown = await response.json();
    if (!response.ok) {
      throw new Error(`${path} was answered with ${response.status}: ${JSON.stringify(body)}`);
    }
    return { ms: performance.now() - begun, body };
  };
  // What only a process's first answers cost.
  await ask("/events/data?last=1h");
  await ask("/events/histogram?last=1h");
  const keys = Object.entries(VALUES_OF_KEY);
  const by = (frequency: "frequent" | "rare" | "none") =>
    keys.map(([key, values]) => `last=90d&${key}=${encodeURIComponent(values[frequency])}`);
  const inAllSpans = SPANS.flatMap((last) => [
    `last=${last}`,
    `last=${last}&order=oldest`,
    `last=${last}&region=us-west-1`,
  ]);
  return [
    await figureOf("histogram", ask, paths("histogram", inAllSpans)),
    await figureOf("histogram_frequent", ask, paths("histogram", by("frequent"))),
    await figureOf("histogram_rare", ask, paths("histogram", [...by("rare"), ...by("none")])),
    await figureOf("first_page", ask, paths("data", inAllSpans)),
    await figureOf("page_frequent", ask, paths("data", by("frequent"))),
    await figureOf("page_rare", ask, paths("data", by("rare"))),
    await figureOf("page_no_match", ask, paths("data", by("none"))),
    await figureOf("page_pair", ask, paths("data", PAIRS)),
    await figureOf("histogram_pair", ask, paths("histogram", PAIRS)),
    await deepPages("deep_page_newest", ask, "newest"),
    await deepPages("deep_page_oldest", ask, "oldest"),
  ];
}

/** Two frequent values that meet, a frequent and a rare one, and two frequent ones that never do. */
const PAIRS = [
  "last=90d&ServiceName=Ecs&EventName=DescribeInstances",
  "last=90d&User=deploy&EventName=DeleteTrail",
  "last=90d&ServiceName=Kms&EventRW=Read",
  "last=90d&User=deploy&RoleName=ops-role",
  "last=90d&ServiceName=Ecs&ResourceType=Type7",
];

const paths = (what: "data" | "histogram", queries: readonly string[]) =>
  queries.map((query) => `/events/${what}?${query}`);

async function figureOf(name: string, ask: Ask, asked: readonly string[]): Promise<Figure> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const path of asked) {
      times.push((await ask(path)).ms);
    }
  }
  return p95(name, times);
}

async function deepPages(name: string, ask: Ask, order: "newest" | "oldest"): Promise<Figure> {
  const middle = new Date(Date.now() - 45 * 86_400_000).toISOString().slice(0, 19);
  const query = new URLSearchParams({ [order === "newest" ? "to" : "from"]: middle, order });
  const times: number[] = [];
  for (let page = 0; page < DEEP_PAGES; page++) {
    const { ms, body } = await ask(`/events/data?${query}`);
    times.push(ms);
    query.set("after", String((body as { next: string | null }).next));
  }
  return p95(name, times);
}

function p95(name: string, times: readonly number[]): Figure {
  const sorted = times.toSorted((one, other) => one - other);
  const value = sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0;
  return { name: `${name}_p95_ms`, value: Math.round(value), unit: `ms (slowest ${Math.round(sorted.at(-1) ?? 0)})` };
}
