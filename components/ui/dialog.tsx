"use client";

import { Dialog as Primitive } from "radix-ui";
import { type ReactNode, useRef } from "react";
import { focusBack } from "./focus-back.ts";

type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description: ReactNode;
  children: ReactNode;
};

/** A question over the page. On a narrow screen it takes the whole of it. The focus goes back to what opened it, or to the page's title. */
export function Dialog({ open, onOpenChange, title, description, children }: DialogProps) {
  const opener = useRef<Element | null>(null);
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-20 grid items-start justify-center overflow-y-auto bg-scrim px-4 py-14 max-sm:p-0">
          <Primitive.Content
            // The primitive gives the focus back to a trigger of its own alone, and there is none.
            onOpenAutoFocus={() => {
              opener.current = document.activeElement;
            }}
            onCloseAutoFocus={(event) => {
              event.preventDefault();
              focusBack(opener.current);
            }}
            className="w-full max-w-[660px] rounded-dialog border border-line-strong bg-card shadow-lifted sm:w-[660px] max-sm:min-h-dvh max-sm:w-screen max-sm:rounded-none max-sm:border-0"
          >
            <header className="px-[22px] pt-[18px] max-sm:px-4">
              <Primitive.Title className="text-xl font-[640] tracking-[-0.015em] break-words">{title}</Primitive.Title>
              <Primitive.Description className="mt-1 text-ink-2" asChild>
                <div>{description}</div>
              </Primitive.Description>
            </header>
            {children}
          </Primitive.Content>
        </Primitive.Overlay>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

export function DialogBody({ children }: { children: ReactNode }) {
  return <div className="grid gap-3.5 px-[22px] py-3.5 max-sm:px-4">{children}</div>;
}

export function DialogFoot({ children }: { children: ReactNode }) {
  return (
    <footer className="flex flex-wrap items-center gap-2 rounded-b-dialog border-t border-line bg-paper px-[22px] py-3.5 max-sm:px-4">
      {children}
    </footer>
  );
}

export const DialogClose = Primitive.Close;
