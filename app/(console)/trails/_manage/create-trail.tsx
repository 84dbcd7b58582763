"use client";

import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { toast } from "sonner";
import { createTrailAction } from "@/app/(console)/trails/actions.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { useIsAlive } from "@/components/ui/use-is-alive.ts";
import type { LogProjectChoiceDto } from "@/domain/trail/schema.ts";
import { createLink } from "./manage-link.ts";
import { TrailForm } from "./trail-form.tsx";
import { createInputOf, newTrailValues } from "./trail-form-values.ts";
import { manageWords } from "./words.ts";

type CreateTrailProps = {
  /** Where a trail belongs when nobody says. */
  homeRegion: string;
  homeRegions: readonly string[];
  projects: readonly LogProjectChoiceDto[];
};

/** The button with the form behind it. */
export function CreateTrail({ homeRegion, homeRegions, projects }: CreateTrailProps) {
  const words = useWords(manageWords);
  const router = useRouter();
  const [{ create }, setLink] = useQueryStates(createLink);
  const isAlive = useIsAlive();
  const close = () => setLink({ create: null });
  return (
    <>
      <Button look="primary" onClick={() => setLink({ create: true }, { history: "push" })}>
        {words.create}
      </Button>
      {create && isAlive && (
        <Dialog
          open
          onOpenChange={(isOpen) => !isOpen && close()}
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
              toast(words.created(name));
              router.push(`/trails/${name}`);
            }}
          />
        </Dialog>
      )}
    </>
  );
}
