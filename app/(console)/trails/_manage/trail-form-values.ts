import type { CreateTrailInput, TrailDto, TrailFormValues, UpdateTrailInput } from "@/domain/trail/schema.ts";
import { regionsOf } from "@/domain/trail/trail.ts";

/** An empty form: what the vendor takes when nothing is said, and the one log project where there is only one. */
export function newTrailValues(homeRegion: string, projectArns: readonly string[]): TrailFormValues {
  return {
    name: "",
    homeRegion,
    regionChoice: "all",
    regions: [],
    eventRW: "All",
    slsProjectArn: projectArns.length === 1 ? (projectArns[0] ?? "") : "",
    ossBucketName: "",
    ossKeyPrefix: "",
    hasMaxCompute: false,
  };
}

/** The form of a trail that is there. */
export function valuesOf(trail: TrailDto): TrailFormValues {
  const regions = regionsOf(trail.trailRegion);
  return {
    name: trail.name,
    homeRegion: trail.homeRegion,
    regionChoice: regions === null ? "all" : "some",
    regions: regions ?? [],
    eventRW: trail.eventRW,
    slsProjectArn: trail.slsProjectArn ?? "",
    ossBucketName: trail.ossBucketName ?? "",
    ossKeyPrefix: trail.ossKeyPrefix ?? "",
    hasMaxCompute: trail.maxComputeProjectArn !== null,
  };
}

/** What the form asks to create. */
export function createInputOf(values: TrailFormValues): Partial<CreateTrailInput> {
  return { ...updateInputOf(values), homeRegion: values.homeRegion };
}

/** What the form asks to change: everything that it shows, nothing that it doesn't. */
export function updateInputOf(values: TrailFormValues): UpdateTrailInput {
  return {
    name: values.name,
    trailRegion: trailRegionOf(values),
    eventRW: values.eventRW,
    slsProjectArn: values.slsProjectArn || null,
    ossBucketName: values.ossBucketName || null,
    ossKeyPrefix: values.ossBucketName === "" ? null : values.ossKeyPrefix || null,
  };
}

/** The regions as the vendor writes them. */
export function trailRegionOf({ regionChoice, regions }: Pick<TrailFormValues, "regionChoice" | "regions">): string {
  return regionChoice === "all" ? "All" : regions.join(",");
}
