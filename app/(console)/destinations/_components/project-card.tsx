"use client";

import { reasonInWords } from "@/components/history-job/engine-words.ts";
import { historyJobWords } from "@/components/history-job/words.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { Fact, Facts } from "@/components/ui/facts.tsx";
import { Instant } from "@/components/ui/instant.tsx";
import { RowLink } from "@/components/ui/row-link.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { StateMark } from "@/components/ui/state-mark.tsx";
import type { LogProjectDto } from "@/domain/log-service/schema.ts";
import { ConnectionTest } from "./connection-test.tsx";
import { destinationWords } from "./words.ts";

type ProjectCardProps = {
  project: LogProjectDto;
  mayManage: boolean;
  now: string;
  onEdit: () => void;
  onDelete: () => void;
};

/** One log project: where it is, who delivers to it, how its sink is; and what an admin can do with it. */
export function ProjectCard({ project, mayManage, now, onEdit, onDelete }: ProjectCardProps) {
  const words = useWords(destinationWords);
  return (
    <Card className="px-[18px] py-3.5" aria-label={project.name}>
      <div className="mb-2.5 flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h3 className="mono font-semibold [overflow-wrap:anywhere]">{project.name}</h3>
        <span className="text-sm text-ink-2">
          {project.region} · {project.isBuiltIn ? words.builtIn : words.external}
        </span>
      </div>
      <div className="grid grid-cols-2 gap-x-6 gap-y-[7px] max-md:grid-cols-1">
        <Facts className="grid-cols-[122px_minmax(0,1fr)] content-start">
          <Fact name={words.endpoint}>
            <code className="mono [overflow-wrap:anywhere]">{project.endpoint}</code>
          </Fact>
          <Fact name={words.key}>
            <code className="mono [overflow-wrap:anywhere]">{project.accessKeyId}</code>
          </Fact>
          <Fact name={words.logTime}>{words.logTimes[project.logTime].name}</Fact>
        </Facts>
        <Facts className="grid-cols-[122px_minmax(0,1fr)] content-start">
          <Fact name={words.trails}>
            <TrailLinks trails={project.trails} />
          </Fact>
          <Fact name={words.state}>
            <SinkState trouble={project.trouble} now={now} />
          </Fact>
          <Fact name={project.isBuiltIn ? words.lastArrival : words.lastAcknowledged}>
            {project.lastArrivalAt === null ? (
              <span className="text-ink-2">{words.never}</span>
            ) : (
              <Instant at={project.lastArrivalAt} now={now} shown="relative" />
            )}
          </Fact>
        </Facts>
      </div>
      {mayManage && (
        <ConnectionTest project={project}>
          {project.isBuiltIn ? (
            <span className="text-sm text-ink-3">{words.builtInFixed}</span>
          ) : (
            <>
              <Button size="small" aria-label={words.editOf(project.name)} onClick={onEdit}>
                {words.edit}
              </Button>
              <Button size="small" aria-label={words.removeOf(project.name)} onClick={onDelete}>
                {words.remove}
              </Button>
            </>
          )}
        </ConnectionTest>
      )}
    </Card>
  );
}

function TrailLinks({ trails }: { trails: readonly string[] }) {
  const words = useWords(destinationWords);
  if (trails.length === 0) {
    return <span className="text-ink-2">{words.noTrails}</span>;
  }
  return (
    <ul className="flex flex-wrap gap-x-3">
      {trails.map((trail) => (
        <li key={trail}>
          <RowLink
            href={`/trails/${trail}`}
            className="inline-block min-h-6 underline decoration-line-strong underline-offset-2 hover:decoration-current"
          >
            {trail}
          </RowLink>
        </li>
      ))}
    </ul>
  );
}

function SinkState({ trouble, now }: { trouble: LogProjectDto["trouble"]; now: string }) {
  const words = useWords(destinationWords);
  const jobWords = useWords(historyJobWords);
  if (trouble === null) {
    return (
      <StateMark shape="check" tone="ok">
        {words.noTrouble}
      </StateMark>
    );
  }
  return (
    <>
      <StateMark shape="warning" tone="warn">
        {words.troubleSince(Date.parse(now) - Date.parse(trouble.openedAt))}
      </StateMark>
      <div className="text-sm text-ink-2">
        {words.troubleTries(trouble.failures)} <code className="mono">{trouble.code}</code>{" "}
        {reasonInWords(trouble.message, jobWords)}
      </div>
    </>
  );
}

/** The card's skeleton twin. */
export function ProjectCardSkeleton() {
  return (
    <Card className="grid gap-2 px-[18px] py-3.5">
      <Skeleton className="w-48" />
      <Skeleton className="w-72 max-w-full" />
      <Skeleton className="w-64 max-w-full" />
      <Skeleton className="w-40" />
      <Skeleton className="h-7 w-32" />
    </Card>
  );
}
