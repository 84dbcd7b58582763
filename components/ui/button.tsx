import { cva, type VariantProps } from "class-variance-authority";
import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "./class-names.ts";

const buttonClasses = cva(
  "inline-flex items-center justify-center gap-1.5 rounded-control border font-[550] whitespace-nowrap leading-none disabled:opacity-50 aria-disabled:opacity-50",
  {
    variants: {
      look: {
        plain: "border-line-strong bg-card text-ink enabled:hover:bg-sunk",
        primary: "border-accent bg-accent text-accent-ink enabled:hover:opacity-90",
        danger: "border-bad bg-bad text-card enabled:hover:opacity-90",
        quiet: "border-transparent bg-transparent text-ink-2 enabled:hover:bg-sunk enabled:hover:text-ink",
      },
      size: {
        normal: "min-h-8 px-3 py-1.5 text-[13px] max-sm:min-h-10",
        small: "min-h-7 px-2.5 py-1 text-sm max-sm:min-h-9",
      },
    },
    defaultVariants: { look: "plain", size: "normal" },
  },
);

type ButtonProps = ComponentProps<"button"> & VariantProps<typeof buttonClasses> & { asChild?: boolean };

/** A button says what it does; a disabled one has its reason beside it. `asChild` lends the look to a link. */
export function Button({ className, look, size, asChild = false, type = "button", ...rest }: ButtonProps) {
  const classes = cn(buttonClasses({ look, size }), className);
  return asChild ? <Slot.Root className={classes} {...rest} /> : <button type={type} className={classes} {...rest} />;
}
