"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { regionsOf } from "@/domain/trail/trail.ts";
import { trailWords } from "./words.ts";

/** "All regions", or "cn-hangzhou, cn-shanghai" that breaks between the names and never inside one. */
export function Regions({ trailRegion }: { trailRegion: string }) {
  const words = useWords(trailWords);
  const regions = regionsOf(trailRegion);
  return regions === null
    ? words.allRegions
    : regions.map((region, position) => (
        <span key={region}>
          <span className="whitespace-nowrap">
            {region}
            {position < regions.length - 1 && words.comma}
          </span>{" "}
        </span>
      ));
}
