"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useQueryStates } from "nuqs";
import { useId } from "react";
import { slotQuery } from "@/components/history-job/history-job-queries.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { trailWords } from "@/components/trail/words.ts";
import { Button } from "@/components/ui/button.tsx";
import { useIsAlive } from "@/components/ui/use-is-alive.ts";
import { usePreload } from "@/components/ui/use-preload.ts";
import type { TrailNotValidReason } from "@/domain/errors.ts";
import type { TrailDto } from "@/domain/trail/schema.ts";
import { redeliverLink } from "./redeliver-link.ts";
import { SlotTaken } from "./slot-taken.tsx";
import { redeliverWords } from "./words.ts";

const loadDialog = () => import("./redeliver-dialog.tsx");
const RedeliverDialog = dynamic(() => loadDialog().then((part) => part.RedeliverDialog), { ssr: false });

type RedeliverHistoryProps = {
  accountId: string;
  trail: Pick<TrailDto, "name" | "trailRegion" | "eventRW" | "logstore" | "startLoggingTime">;
  notRedeliverable: TrailNotValidReason | null;
  mayRedeliver: boolean;
};

/**
 * The button that opens the dialog; when it can't be pressed, the reason stands beside it. What holds for good is told
 * before what passes. A link to the dialog opens it for everybody, because its counts are everybody's. All of this is courtesy:
 * the action decides by itself.
 */
export function RedeliverHistory({ accountId, trail, notRedeliverable, mayRedeliver }: RedeliverHistoryProps) {
  const words = useWords(redeliverWords);
  const reasons = useWords(trailWords).notRedeliverable;
  const [link, setLink] = useQueryStates(redeliverLink);
  const isOpen = link.redeliver === trail.name;
  // What this tab has begun is kept by the browser, which the server's drawing knows nothing of.
  const isAlive = useIsAlive();
  usePreload(loadDialog);
  const { data: slot } = useQuery(slotQuery());
  const whyId = useId();
  const whyNever = notRedeliverable !== null ? reasons[notRedeliverable] : mayRedeliver ? null : words.viewersCannot;
  const slotTaken = whyNever === null && slot?.job ? <SlotTaken jobId={slot.job.id} /> : null;
  const why = whyNever ?? slotTaken;
  return (
    <>
      <Button
        size="small"
        disabled={why !== null}
        aria-label={words.redeliverOf(trail.name)}
        aria-describedby={why === null ? undefined : whyId}
        onClick={() => setLink({ redeliver: trail.name }, { history: "push" })}
      >
        {words.redeliver}
      </Button>
      {why !== null && (
        <div
          id={whyId}
          className="mt-1 ml-auto max-w-[200px] text-xs leading-[1.35] text-ink-3 max-lg:ml-0 max-lg:max-w-none"
        >
          {why}
        </div>
      )}
      {isOpen && isAlive && (
        <RedeliverDialog
          accountId={accountId}
          trail={trail}
          linkedWindow={link.window}
          onWindow={(window) => setLink({ window })}
          whyNot={whyNever}
          slotTaken={slotTaken}
          onClose={() => setLink(null)}
        />
      )}
    </>
  );
}
