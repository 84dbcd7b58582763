"use client";

import { type ReactNode, useState } from "react";
import type { ActionResult } from "@/app/_request/action-result.ts";
import { testLogProjectAction } from "@/app/(console)/destinations/actions.ts";
import { reasonInWords } from "@/components/history-job/engine-words.ts";
import { historyJobWords } from "@/components/history-job/words.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Fact, Facts } from "@/components/ui/facts.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { StateMark } from "@/components/ui/state-mark.tsx";
import { tell } from "@/components/ui/toast.ts";
import type { ConnectionVerdict } from "@/domain/log-service/connection.ts";
import type { ConnectionTestDto, LogProjectRef } from "@/domain/log-service/schema.ts";
import { destinationWords } from "./words.ts";

type ConnectionTestProps = {
  project: LogProjectRef;
  /** What else can be done, beside the button. */
  children: ReactNode;
};

/** Asks the project's sink, and shows its own answer until the next one. */
export function ConnectionTest({ project, children }: ConnectionTestProps) {
  const words = useWords(destinationWords);
  const [isTesting, setTesting] = useState(false);
  const [result, setResult] = useState<ActionResult<ConnectionTestDto> | "lost" | null>(null);

  const test = async () => {
    if (isTesting) {
      return;
    }
    setTesting(true);
    const { region, name } = project;
    const answer = await testLogProjectAction({ region, name }).catch(() => "lost" as const);
    setTesting(false);
    setResult(answer);
    if (answer !== "lost" && answer.ok) {
      tell(`${words.tested(name)}: ${words.verdicts[answer.data.verdict]}`);
    }
  };

  return (
    <>
      <div className="mt-3 flex flex-wrap items-center gap-2">
        <Button size="small" aria-label={words.testOf(project.name)} aria-disabled={isTesting} onClick={test}>
          {isTesting ? words.testing : words.test}
        </Button>
        {children}
        {isTesting && <span className="text-sm text-ink-3">{words.testHint}</span>}
      </div>
      {result === "lost" ? (
        <Notice look="warn" role="alert" className="mt-3">
          {words.testLost}
        </Notice>
      ) : (
        result !== null &&
        (result.ok ? (
          <TestResult test={result.data} name={project.name} />
        ) : (
          <Notice look="bad" role="alert" className="mt-3">
            {result.error.message}
          </Notice>
        ))
      )}
    </>
  );
}

const GOOD: readonly ConnectionVerdict[] = ["accepted"];
const HALF_GOOD: readonly ConnectionVerdict[] = ["accepted-key", "no-logstore", "busy"];

function TestResult({ test: { verdict, answer }, name }: { test: ConnectionTestDto; name: string }) {
  const words = useWords(destinationWords);
  const jobWords = useWords(historyJobWords);
  const { testFacts } = words;
  const tone = GOOD.includes(verdict) ? "ok" : HALF_GOOD.includes(verdict) ? "warn" : "bad";
  const shape = tone === "ok" ? "check" : tone === "warn" ? "warning" : "cross";
  const none = <span className="text-ink-2">{testFacts.none}</span>;
  return (
    <section aria-label={words.tested(name)} className="mt-3 rounded-control bg-sunk px-3 py-2.5">
      <StateMark shape={shape} tone={tone} className="items-start whitespace-normal">
        {words.verdicts[verdict]}
      </StateMark>
      {answer.kind === "unanswered" && <p className="mt-1 text-sm">{words.silences[answer.silence]}</p>}
      <Facts className="mt-2 grid-cols-[92px_minmax(0,1fr)] text-sm">
        {answer.kind === "answered" && (
          <>
            <Fact name={testFacts.status}>
              <span className="mono">{answer.status}</span>
            </Fact>
            <Fact name={testFacts.code}>
              {answer.code === null ? none : <code className="mono [overflow-wrap:anywhere]">{answer.code}</code>}
            </Fact>
          </>
        )}
        <Fact name={testFacts.message}>
          {answer.message === "" ? (
            none
          ) : (
            <span className="[overflow-wrap:anywhere]">{reasonInWords(answer.message, jobWords)}</span>
          )}
        </Fact>
        {answer.kind === "answered" && (
          <Fact name={testFacts.requestId}>
            {answer.requestId === null ? (
              none
            ) : (
              <>
                <code className="mono [overflow-wrap:anywhere]">{answer.requestId}</code>{" "}
                <CopyButton text={answer.requestId} label={testFacts.requestId} className="text-ink-2" />
              </>
            )}
          </Fact>
        )}
        <Fact name={testFacts.logstore}>
          <code className="mono [overflow-wrap:anywhere]">{answer.logstore}</code>
        </Fact>
        <Fact name={testFacts.took}>
          <span className="tabular-nums">{words.milliseconds(answer.durationMs)}</span>
        </Fact>
      </Facts>
    </section>
  );
}
