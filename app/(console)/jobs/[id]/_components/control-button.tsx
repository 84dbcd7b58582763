import { useId } from "react";
import { countOf } from "@/components/language/counts.ts";
import { Button } from "@/components/ui/button.tsx";
import type { JobControl } from "./job-controls.ts";

type ControlButtonProps = {
  jobId: number;
  control: JobControl;
  why: string | null;
  /** What a retry takes up again. */
  slices: number;
  isSending: boolean;
  /** Another control is being carried out. */
  isHeld: boolean;
  onPress: () => void;
};

/** One control, with the reason beside it when it can't be pressed. */
export function ControlButton(props: ControlButtonProps) {
  const whyId = useId();
  const { jobId, control, why } = props;
  return (
    <div className="max-w-[260px] text-right max-sm:text-left">
      {control === "download" ? <Downloads jobId={jobId} /> : <Press {...props} whyId={whyId} />}
      {why !== null && (
        <div id={whyId} className="mt-1 ml-auto max-w-[200px] text-xs leading-[1.35] text-ink-3 max-sm:ml-0">
          {why}
        </div>
      )}
    </div>
  );
}

function Press({ control, why, slices, isSending, isHeld, onPress, whyId }: ControlButtonProps & { whyId: string }) {
  return (
    <Button
      look={lookOf(control, why)}
      disabled={why !== null}
      aria-disabled={isHeld}
      aria-describedby={why === null ? undefined : whyId}
      onClick={() => !isHeld && onPress()}
    >
      {(isSending ? SENDING_WORDS[control] : undefined) ?? labelOf(control, slices)}
    </Button>
  );
}

/** Links, because the browser saves what they lead to. */
function Downloads({ jobId }: { jobId: number }) {
  return (
    <div className="flex flex-wrap gap-2">
      <Button asChild>
        <a href={`/jobs/${jobId}/report?format=csv`} download>
          Download report (CSV)
        </a>
      </Button>
      <Button asChild>
        <a href={`/jobs/${jobId}/report?format=json`} download aria-label="Download report (JSON)">
          JSON
        </a>
      </Button>
    </div>
  );
}

function lookOf(control: JobControl, why: string | null) {
  if (control === "delete") {
    return "quiet";
  }
  return (control === "retry" || control === "resume") && why === null ? "primary" : "plain";
}

/** Of those that are carried out at once; the others say it in their dialog. */
const SENDING_WORDS: Readonly<Partial<Record<JobControl, string>>> = {
  pause: "Pausing…",
  resume: "Resuming…",
  retry: "Starting…",
  verify: "Asking…",
};

function labelOf(control: JobControl, slices: number): string {
  switch (control) {
    case "pause":
      return "Pause";
    case "resume":
      return "Resume";
    case "limit":
      return "Limit speed…";
    case "cancel":
      return "Cancel job…";
    case "delete":
      return "Delete job…";
    case "verify":
      return "Verify again";
    case "redeliver-missing":
      return "Redeliver only what is missing…";
    case "retry":
      return slices === 0 ? "Retry" : `Retry ${countOf(slices, "slice", "slices")}`;
    case "download":
      return "Download report";
  }
}
