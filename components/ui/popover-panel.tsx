"use client";

import { Popover as Primitive } from "radix-ui";
import type { ReactNode } from "react";

export type PopoverProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** The one element that opens it. */
  trigger: ReactNode;
  label: string;
  children: ReactNode;
};

/** It stays inside a dialog that it stands in, whose focus it would leave otherwise. */
export function PopoverPanel({ open, onOpenChange, trigger, label, children }: PopoverProps) {
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Content
        align="start"
        sideOffset={4}
        collisionPadding={8}
        aria-label={label}
        className="z-30 max-w-[calc(100vw-16px)] rounded-card border border-line-strong bg-card p-3 shadow-lifted"
      >
        {children}
      </Primitive.Content>
    </Primitive.Root>
  );
}
