import type { InfiniteData } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";

/** The place that the page of a row was read behind; null in the list's first page, and where there is no such row. */
export function placeOfRow<Page>(
  { pages, pageParams }: InfiniteData<Page>,
  lengthOf: (page: Page) => number,
  row: number,
): string | null {
  let end = 0;
  const index = pages.findIndex((page) => {
    end += lengthOf(page);
    return row < end;
  });
  const place = pageParams[index];
  return typeof place === "string" ? place : null;
}

/** A pause in scrolling. */
const STANDING_MS = 300;

/** Tells a place once it has been the same for a while. A reload begins there, and not as far down again as the screen was before. */
export function usePlaceInAddress(place: string | null, onPlace: (place: string | null) => void): void {
  const tell = useEffectEvent(onPlace);
  useEffect(() => {
    const timer = setTimeout(() => tell(place), STANDING_MS);
    return () => clearTimeout(timer);
  }, [place]);
  useEffect(() => {
    history.scrollRestoration = "auto";
    const leave = () => {
      history.scrollRestoration = place === null ? "auto" : "manual";
    };
    window.addEventListener("beforeunload", leave);
    return () => window.removeEventListener("beforeunload", leave);
  }, [place]);
}
