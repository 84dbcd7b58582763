import type { ComponentProps } from "react";
import { cn } from "./class-names.ts";

/** The one level of card: a hairline around what belongs together. */
export function Card({ className, ...rest }: ComponentProps<"section">) {
  return <section className={cn("rounded-card border border-line bg-card", className)} {...rest} />;
}

export function CardTitle({ className, ...rest }: ComponentProps<"h2">) {
  return <h2 className={cn("mb-2 text-[14px] font-[640]", className)} {...rest} />;
}
