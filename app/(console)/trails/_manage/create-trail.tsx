"use client";

import dynamic from "next/dynamic";
import { useQueryStates } from "nuqs";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { useIsAlive } from "@/components/ui/use-is-alive.ts";
import { usePreload } from "@/components/ui/use-preload.ts";
import type { LogProjectChoiceDto } from "@/domain/trail/schema.ts";
import { createLink } from "./manage-link.ts";
import { manageWords } from "./words.ts";

const loadDialog = () => import("./create-trail-dialog.tsx");
const CreateTrailDialog = dynamic(() => loadDialog().then((part) => part.CreateTrailDialog), { ssr: false });

type CreateTrailProps = {
  /** Where a trail belongs when nobody says. */
  homeRegion: string;
  homeRegions: readonly string[];
  projects: readonly LogProjectChoiceDto[];
};

/** The button with the form behind it. */
export function CreateTrail(choices: CreateTrailProps) {
  const words = useWords(manageWords);
  const [{ create }, setLink] = useQueryStates(createLink);
  const isAlive = useIsAlive();
  usePreload(loadDialog);
  return (
    <>
      <Button look="primary" onClick={() => setLink({ create: true }, { history: "push" })}>
        {words.create}
      </Button>
      {create && isAlive && <CreateTrailDialog {...choices} onClose={() => void setLink({ create: null })} />}
    </>
  );
}
