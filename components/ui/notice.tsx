import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { cn } from "./class-names.ts";

const noticeClasses = cva("rounded-control px-2.5 py-2 text-sm", {
  variants: {
    look: {
      plain: "bg-sunk text-ink-2",
      warn: "bg-warn-soft text-warn",
      bad: "bg-bad-soft text-bad",
    },
  },
  defaultVariants: { look: "plain" },
});

type NoticeProps = ComponentProps<"div"> & VariantProps<typeof noticeClasses>;

/** Something to know here and now. The words carry it; the colour only says how much it matters. */
export function Notice({ className, look, ...rest }: NoticeProps) {
  return <div className={cn(noticeClasses({ look }), className)} {...rest} />;
}
