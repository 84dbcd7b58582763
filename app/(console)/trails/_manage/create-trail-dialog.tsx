"use client";

import { useRouter } from "next/navigation";
import { createTrailAction } from "@/app/(console)/trails/actions.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { tell } from "@/components/ui/toast.ts";
import type { LogProjectChoiceDto } from "@/domain/trail/schema.ts";
import { TrailForm } from "./trail-form.tsx";
import { createInputOf, newTrailValues } from "./trail-form-values.ts";
import { manageWords } from "./words.ts";

type CreateTrailDialogProps = {
  homeRegion: string;
  homeRegions: readonly string[];
  projects: readonly LogProjectChoiceDto[];
  onClose: () => void;
};

/** The form of a new trail; from it one comes to the trail's page. */
export function CreateTrailDialog({ homeRegion, homeRegions, projects, onClose }: CreateTrailDialogProps) {
  const words = useWords(manageWords);
  const router = useRouter();
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={words.createTitle}
      description={words.createWhy}
    >
      <TrailForm
        isNew
        values={newTrailValues(
          homeRegion,
          projects.map(({ arn }) => arn),
        )}
        projects={projects}
        homeRegions={homeRegions}
        send={(values) => createTrailAction(createInputOf(values))}
        onDone={({ name }) => {
          tell(words.created(name));
          router.push(`/trails/${name}`);
        }}
      />
    </Dialog>
  );
}
