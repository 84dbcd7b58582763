import { regionsOf } from "@/domain/trail/trail.ts";

/** "All regions", or "cn-hangzhou, cn-shanghai" that breaks between the names and never inside one. */
export function Regions({ trailRegion }: { trailRegion: string }) {
  const regions = regionsOf(trailRegion);
  return regions === null
    ? "All regions"
    : regions.map((region, position) => (
        <span key={region}>
          <span className="whitespace-nowrap">{position === regions.length - 1 ? region : `${region},`}</span>{" "}
        </span>
      ));
}
