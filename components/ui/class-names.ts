import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

// Our theme's own names, so that a later class wins over an earlier one of the same kind.
const merge = extendTailwindMerge({
  extend: { theme: { radius: ["cell", "control", "card", "dialog"], shadow: ["lifted"] } },
});

/** Joins class names; of two that set the same property the later one stays. */
export function cn(...names: ClassValue[]): string {
  return merge(clsx(names));
}
