"use client";

import { useState } from "react";
import { deleteLogProjectAction } from "@/app/(console)/destinations/actions.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogClose, DialogFoot } from "@/components/ui/dialog.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { tell } from "@/components/ui/toast.ts";
import type { LogProjectRef } from "@/domain/log-service/schema.ts";
import { destinationWords } from "./words.ts";

type DeleteDialogProps = { project: LogProjectRef; onClose: () => void };

/** Asks once more, and says what keeps the project where something does. */
export function DeleteDialog({ project: { region, name }, onClose }: DeleteDialogProps) {
  const words = useWords(destinationWords);
  const [isSending, setSending] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);

  const remove = async () => {
    if (isSending) {
      return;
    }
    setSending(true);
    setRefusal(null);
    const result = await deleteLogProjectAction({ region, name }).catch(() => null);
    setSending(false);
    if (result?.ok) {
      tell(words.removed(name));
      onClose();
    } else {
      setRefusal(result?.error.message ?? words.silences.other);
    }
  };

  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={words.removeTitle(name)}
      description={words.removeWhy}
    >
      <DialogBody>
        {refusal !== null && (
          <Notice look="bad" role="alert">
            {refusal}
          </Notice>
        )}
      </DialogBody>
      <DialogFoot>
        <DialogClose asChild>
          <Button className="ml-auto">{words.cancel}</Button>
        </DialogClose>
        <Button look="danger" aria-disabled={isSending} onClick={remove}>
          {isSending ? words.removing : words.removeNow(name)}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
