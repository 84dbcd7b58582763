"use client";

import { useSyncExternalStore } from "react";

const never = () => () => undefined;

/** Whether the page has come alive: false in the first drawing, which has to equal the server's. */
export function useIsAlive(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
