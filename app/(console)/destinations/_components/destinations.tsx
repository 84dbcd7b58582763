"use client";

import dynamic from "next/dynamic";
import { NotOpened } from "@/app/(console)/_components/not-opened.tsx";
import { usePanel } from "@/app/(console)/_components/use-panel.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { CardTitle } from "@/components/ui/card.tsx";
import { PageHead } from "@/components/ui/page-head.tsx";
import { StatePanel } from "@/components/ui/state-panel.tsx";
import { usePreload } from "@/components/ui/use-preload.ts";
import type { LogProjectDto, LogstoreDto } from "@/domain/log-service/schema.ts";
import { LogstoreTable } from "./logstore-table.tsx";
import { ProjectCard } from "./project-card.tsx";
import { destinationWords } from "./words.ts";

const loadProjectDialog = () => import("./project-dialog.tsx");
const loadDeleteDialog = () => import("./delete-dialog.tsx");
const loadGoneDialog = () => import("./gone-dialog.tsx");
const loadDialogs = () => Promise.all([loadProjectDialog(), loadDeleteDialog(), loadGoneDialog()]);

const ProjectDialog = dynamic(() => loadProjectDialog().then((part) => part.ProjectDialog), { ssr: false });
const DeleteDialog = dynamic(() => loadDeleteDialog().then((part) => part.DeleteDialog), { ssr: false });
const GoneDialog = dynamic(() => loadGoneDialog().then((part) => part.GoneDialog), { ssr: false });

type DestinationsProps = {
  projects: readonly LogProjectDto[];
  logstores: readonly LogstoreDto[];
  /** Whether the person may add, edit, test and delete log projects. */
  mayManage: boolean;
  now: string;
};

/** All log projects and logstores of the account; which question is open is in the address. */
export function Destinations({ projects, logstores, mayManage, now }: DestinationsProps) {
  const words = useWords(destinationWords);
  usePreload(loadDialogs);
  const { panel, open, close } = usePanel();
  const [verb, key] = panel?.split(":", 2) ?? [];
  const named = projects.find((project) => !project.isBuiltIn && keyOf(project) === key);
  return (
    <>
      <PageHead
        title={words.title}
        below={words.purpose}
        action={mayManage && <Button onClick={() => open("add")}>{words.add}</Button>}
      />
      {panel !== null && !mayManage && <NotOpened why={words.adminsOnly} className="mb-4" />}
      <section aria-labelledby="log-projects" className="grid gap-2">
        <CardTitle id="log-projects" className="mb-0">
          {words.projects}
        </CardTitle>
        {projects.length === 0 && <StatePanel title={words.noProjects}>{words.noProjectsWhy}</StatePanel>}
        {projects.map((project) => (
          <ProjectCard
            key={keyOf(project)}
            project={project}
            mayManage={mayManage}
            now={now}
            onEdit={() => open(`edit:${keyOf(project)}`)}
            onDelete={() => open(`delete:${keyOf(project)}`)}
          />
        ))}
        {!mayManage && projects.length > 0 && <p className="text-sm text-ink-3">{words.adminsOnly}</p>}
      </section>
      <section aria-labelledby="logstores" className="mt-6 grid gap-2">
        <CardTitle id="logstores" className="mb-0">
          {words.logstores}
        </CardTitle>
        {logstores.length === 0 ? (
          <StatePanel title={words.noLogstores}>{words.noLogstoresWhy}</StatePanel>
        ) : (
          <LogstoreTable logstores={logstores} now={now} />
        )}
      </section>
      {mayManage && panel === "add" && <ProjectDialog project={null} onClose={close} />}
      {mayManage && verb === "edit" && named !== undefined && (
        <ProjectDialog key={key} project={named} onClose={close} />
      )}
      {mayManage && verb === "delete" && named !== undefined && (
        <DeleteDialog key={key} project={named} onClose={close} />
      )}
      {mayManage && (verb === "edit" || verb === "delete") && named === undefined && <GoneDialog onClose={close} />}
    </>
  );
}

function keyOf({ region, name }: LogProjectDto): string {
  return `${region}/${name}`;
}
