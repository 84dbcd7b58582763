"use client";

import { updateTrailAction } from "@/app/(console)/trails/actions.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import type { LogProjectChoiceDto, TrailDto } from "@/domain/trail/schema.ts";
import { TrailForm } from "./trail-form.tsx";
import { updateInputOf, valuesOf } from "./trail-form-values.ts";
import { manageWords } from "./words.ts";

type EditTrailDialogProps = {
  trail: TrailDto;
  homeRegions: readonly string[];
  projects: readonly LogProjectChoiceDto[];
  onDone: () => void;
  onClose: () => void;
};

/** The form of a trail that there is. */
export function EditTrailDialog({ trail, homeRegions, projects, onDone, onClose }: EditTrailDialogProps) {
  const words = useWords(manageWords);
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={words.editTitle(trail.name)}
      description={words.editWhy}
    >
      <TrailForm
        isNew={false}
        values={valuesOf(trail)}
        projects={projects}
        homeRegions={homeRegions}
        send={(values) => updateTrailAction(updateInputOf(values))}
        onDone={onDone}
      />
    </Dialog>
  );
}
