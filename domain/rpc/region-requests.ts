import { z } from "zod";
import { oneOf, regionId } from "./parameters.ts";

const ACCEPT_LANGUAGES = ["en-US", "zh-CN"] as const;

export const describeRegionsRequest = z.object({ AcceptLanguage: oneOf(ACCEPT_LANGUAGES, "InvalidAcceptLanguage") });

export const updateGlobalEventsStorageRegionRequest = z.object({ StorageRegion: regionId });
