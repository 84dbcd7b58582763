import { useMemo } from "react";
import type { ActionResult } from "@/app/_request/action-result.ts";
import { indentJson } from "@/components/event/indent-json.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Card, CardTitle } from "@/components/ui/card.tsx";
import { CodeBlock } from "@/components/ui/code-block.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { StateMark } from "@/components/ui/state-mark.tsx";
import type { CallAnswerDto } from "@/domain/rpc/member-call.ts";
import { explorerWords } from "./words.ts";

type CallAnswerProps = {
  /** `lost` when none came; null before the first. */
  result: ActionResult<CallAnswerDto> | "lost" | null;
  isSending: boolean;
};

/** What the last sending of a call was answered. */
export function CallAnswer({ result, isSending }: CallAnswerProps) {
  const words = useWords(explorerWords);
  return (
    <Card className="min-w-0 px-[18px] py-3.5" aria-labelledby="call-answer" aria-busy={isSending}>
      <CardTitle id="call-answer">{words.answer}</CardTitle>
      {result === null ? (
        <p className="text-ink-2">
          {words.none}. {words.noneWhy}
        </p>
      ) : result === "lost" ? (
        <Notice look="bad" role="alert">
          {words.noAnswerCame}
        </Notice>
      ) : result.ok ? (
        <Answered answer={result.data} />
      ) : (
        <Notice look="bad" role="alert">
          {result.error.message}
        </Notice>
      )}
    </Card>
  );
}

function Answered({ answer: { status, body, requestId, durationMs } }: { answer: CallAnswerDto }) {
  const words = useWords(explorerWords);
  const shown = useMemo(() => indentJson(body), [body]);
  const isDone = status < 400;
  return (
    <>
      <div className="mb-2 flex flex-wrap items-baseline gap-x-4 gap-y-1 text-sm">
        <StateMark shape={isDone ? "check" : "cross"} tone={isDone ? "ok" : "bad"}>
          {isDone ? words.done(status) : words.refused(status, codeOf(body))}
        </StateMark>
        <span className="text-ink-3 tabular-nums">{words.took(durationMs)}</span>
        <span className="min-w-0 text-ink-3">
          {words.requestId} <code className="mono [overflow-wrap:anywhere]">{requestId}</code>{" "}
          <CopyButton text={requestId} label={words.copyRequestId} className="text-ink-2" />
        </span>
        <CopyButton text={body} label={words.copyAnswer} className="ml-auto text-ink-2" />
      </div>
      <CodeBlock label={words.answerText}>{shown}</CodeBlock>
    </>
  );
}

/** The code of a refusal; an answer that is no envelope has none. */
function codeOf(body: string): string {
  const envelope: unknown = JSON.parse(body);
  const hasCode = typeof envelope === "object" && envelope !== null && "Code" in envelope;
  return hasCode ? String(envelope.Code) : "";
}
