"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogClose, DialogFoot } from "@/components/ui/dialog.tsx";
import { destinationWords } from "./words.ts";

/** Stands where an address names a log project that is not there. */
export function GoneDialog({ onClose }: { onClose: () => void }) {
  const words = useWords(destinationWords);
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={words.goneTitle}
      description={<p className="pb-3.5">{words.goneWhy}</p>}
    >
      <DialogFoot>
        <DialogClose asChild>
          <Button className="ml-auto">{words.close}</Button>
        </DialogClose>
      </DialogFoot>
    </Dialog>
  );
}
