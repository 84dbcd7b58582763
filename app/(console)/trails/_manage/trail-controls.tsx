"use client";

import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { tell } from "@/components/ui/toast.ts";
import { useIsAlive } from "@/components/ui/use-is-alive.ts";
import { usePreload } from "@/components/ui/use-preload.ts";
import type { LogProjectChoiceDto, TrailDto } from "@/domain/trail/schema.ts";
import { trailLink } from "./manage-link.ts";
import { manageWords } from "./words.ts";

const loadEdit = () => import("./edit-trail-dialog.tsx");
const loadQuestion = () => import("./trail-question.tsx");
const loadDialogs = () => Promise.all([loadEdit(), loadQuestion()]);

const EditTrailDialog = dynamic(() => loadEdit().then((part) => part.EditTrailDialog), { ssr: false });
const TrailQuestion = dynamic(() => loadQuestion().then((part) => part.TrailQuestion), { ssr: false });

type TrailControlsProps = {
  trail: TrailDto;
  homeRegions: readonly string[];
  projects: readonly LogProjectChoiceDto[];
};

/** What an admin can do with a trail, each behind a dialog that says what will happen. */
export function TrailControls({ trail, homeRegions, projects }: TrailControlsProps) {
  const words = useWords(manageWords);
  const router = useRouter();
  const [{ ask }, setLink] = useQueryStates(trailLink);
  const isAlive = useIsAlive();
  usePreload(loadDialogs);
  const isOn = trail.status === "Enable";
  const open = (question: typeof ask) => setLink({ ask: question }, { history: "push" });
  const close = () => setLink({ ask: null });

  const finish = async (said: string) => {
    tell(said);
    await close();
    router.refresh();
  };

  return (
    <>
      <fieldset className="flex flex-wrap gap-2">
        <legend className="sr-only">{words.controls}</legend>
        <Button size="small" onClick={() => open("edit")}>
          {words.edit}
        </Button>
        <Button size="small" onClick={() => open(isOn ? "stop" : "start")}>
          {isOn ? words.stop : words.start}
        </Button>
        <Button size="small" onClick={() => open("delete")}>
          {words.remove}
        </Button>
      </fieldset>
      {isAlive && ask === "edit" && (
        <EditTrailDialog
          trail={trail}
          homeRegions={homeRegions}
          projects={projects}
          onDone={() => void finish(words.saved(trail.name))}
          onClose={() => void close()}
        />
      )}
      {isAlive && ask !== null && ask !== "edit" && (
        <TrailQuestion
          key={ask}
          name={trail.name}
          question={ask}
          onDone={() => {
            const said = words.questions[ask].done(trail.name);
            if (ask === "delete") {
              tell(said);
              router.push("/trails");
            } else {
              void finish(said);
            }
          }}
          onClose={close}
        />
      )}
    </>
  );
}
