"use client";

import { useId } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { type JobControlWords, jobControlWords } from "./control-words.ts";
import type { JobControl } from "./job-controls.ts";

type ControlButtonProps = {
  jobId: number;
  control: JobControl;
  why: string | null;
  /** What says why, where one sentence says it of several controls; null where it stands beside this one. */
  commonWhyId: string | null;
  /** What a retry takes up again. */
  slices: number;
  isSending: boolean;
  /** Another control is being carried out. */
  isHeld: boolean;
  onPress: () => void;
};

/** One control, with the reason beside it when it can't be pressed. */
export function ControlButton(props: ControlButtonProps) {
  const ownWhyId = useId();
  const { jobId, control, why, commonWhyId } = props;
  const whyId = commonWhyId ?? ownWhyId;
  return (
    <div className="text-right max-sm:text-left">
      {control === "download" ? <Downloads jobId={jobId} /> : <Press {...props} whyId={whyId} />}
      {why !== null && commonWhyId === null && (
        <div id={whyId} className="mt-1 ml-auto max-w-[200px] text-xs leading-[1.35] text-ink-3 max-sm:ml-0">
          {why}
        </div>
      )}
    </div>
  );
}

function Press({ control, why, slices, isSending, isHeld, onPress, whyId }: ControlButtonProps & { whyId: string }) {
  const words = useWords(jobControlWords);
  return (
    <Button
      look={lookOf(control, why)}
      disabled={why !== null}
      aria-disabled={isHeld}
      aria-describedby={why === null ? undefined : whyId}
      onClick={() => !isHeld && onPress()}
    >
      {isSending && control === "verify" ? words.asking : labelOf(control, slices, words)}
    </Button>
  );
}

/** The report to take along: links, because the browser saves what they lead to, and the page itself on paper. */
function Downloads({ jobId }: { jobId: number }) {
  const { controls } = useWords(jobControlWords);
  return (
    <div className="flex flex-wrap gap-2">
      <Button asChild>
        <a href={`/jobs/${jobId}/report?format=csv`} download>
          {controls.downloadCsv}
        </a>
      </Button>
      <Button asChild>
        <a href={`/jobs/${jobId}/report?format=json`} download aria-label={controls.downloadJson}>
          JSON
        </a>
      </Button>
      <Button onClick={() => window.print()}>{controls.print}</Button>
    </div>
  );
}

function lookOf(control: JobControl, why: string | null) {
  if (control === "delete") {
    return "quiet";
  }
  return (control === "retry" || control === "resume") && why === null ? "primary" : "plain";
}

function labelOf(control: JobControl, slices: number, { controls }: JobControlWords): string {
  switch (control) {
    case "redeliver-missing":
      return controls.redeliverMissing;
    case "retry":
      return slices === 0 ? controls.retry : controls.retrySlices(slices);
    case "download":
      return controls.downloadCsv;
    default:
      return controls[control];
  }
}
