"use client";

import { useQuery } from "@tanstack/react-query";
import { Dialog } from "radix-ui";
import { useRef } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { ExactTime } from "@/components/ui/exact-time.tsx";
import { focusBack } from "@/components/ui/focus-back.ts";
import { isSessionEnded, refusalIn } from "@/components/ui/poll.ts";
import { SignInAgainLink } from "@/components/ui/sign-in-again-link.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { useTold } from "@/components/ui/use-told.ts";
import type { LookupCondition } from "@/domain/event/lookup.ts";
import { EventFactList } from "./event-fact-list.tsx";
import { factsOf } from "./event-facts.ts";
import { eventQuery } from "./event-queries.ts";
import { type EventRef, writeEventRef } from "./event-ref.ts";
import { EventText } from "./event-text.tsx";
import { eventWords } from "./words.ts";

type EventSheetProps = {
  event: EventRef;
  textForm: "stored" | "indented";
  onTextForm: (form: "stored" | "indented") => void;
  /** The events beside it in the list, where there are any. */
  previous: EventRef | null;
  next: EventRef | null;
  onOpen: (event: EventRef) => void;
  onFilter: (condition: LookupCondition) => void;
  onClose: () => void;
};

/** An event over the list that it is from: what it says beside the text as it is stored. The focus goes back to what opened it. */
export function EventSheet({ event, previous, next, onOpen, onClose, ...rest }: EventSheetProps) {
  const words = useWords(eventWords);
  const opener = useRef<Element | null>(null);
  const { data, error, refetch, isFetching } = useQuery(eventQuery(event));
  const facts = data?.event ? factsOf(data.event.body) : null;
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-20 bg-scrim" />
        <Dialog.Content
          // A link opens it without anything that has the focus, and then the list's row is the place to go on.
          onOpenAutoFocus={() => {
            opener.current = document.activeElement;
          }}
          onCloseAutoFocus={(closing) => {
            closing.preventDefault();
            focusBack(opener.current, ["tr[aria-selected='true'] [data-event-link]", "main"]);
          }}
          className="fixed inset-y-0 right-0 z-20 flex w-[min(1120px,100vw)] flex-col border-line-strong border-l bg-paper shadow-lifted max-sm:border-0"
        >
          <header className="flex flex-wrap items-start gap-x-4 gap-y-2 border-line border-b bg-card px-[22px] py-3.5 max-sm:px-4">
            <div className="min-w-0 flex-1 basis-64">
              <Dialog.Title className="font-[640] text-xl tracking-[-0.015em] break-words">
                {facts?.eventName?.value ?? words.event}
              </Dialog.Title>
              <Dialog.Description className="text-ink-2 break-words">
                <ExactTime at={event.eventTime} /> · <span className="mono">{event.region}</span>
              </Dialog.Description>
            </div>
            {/* What is not there keeps its place, so that the other stays under the pointer. */}
            <div className="flex flex-wrap gap-2">
              <Button
                size="small"
                className={previous === null ? "invisible" : ""}
                onClick={() => previous && onOpen(previous)}
              >
                {words.newer}
              </Button>
              <Button size="small" className={next === null ? "invisible" : ""} onClick={() => next && onOpen(next)}>
                {words.older}
              </Button>
              <Dialog.Close asChild>
                <Button size="small">{words.close}</Button>
              </Dialog.Close>
            </div>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-[22px] py-4 max-sm:px-4">
            {data === undefined ? (
              error === null ? (
                <Waiting />
              ) : (
                <Problem
                  title={isSessionEnded(error) ? words.sessionEnded : words.eventFailed}
                  why={isSessionEnded(error) ? words.sessionEndedWhy : (refusalIn(error) ?? words.unreachableWhy)}
                >
                  {isSessionEnded(error) ? (
                    <Button look="primary" asChild>
                      <SignInAgainLink>{words.signIn}</SignInAgainLink>
                    </Button>
                  ) : (
                    <Button disabled={isFetching} onClick={() => void refetch()}>
                      {isFetching ? words.reading : words.tryAgain}
                    </Button>
                  )}
                </Problem>
              )
            ) : data.event === null || facts === null ? (
              <Problem title={words.notFound} why={words.notFoundWhy} />
            ) : (
              <div
                key={writeEventRef(event)}
                className="grid items-start gap-4 lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]"
              >
                <EventFactList event={data.event} facts={facts} now={data.now} onFilter={rest.onFilter} />
                <EventText event={data.event} form={rest.textForm} onForm={rest.onTextForm} />
              </div>
            )}
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Waiting() {
  return (
    <div className="grid gap-4 lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
      <Skeleton className="my-0 h-96" />
      <Skeleton className="my-0 h-96" />
    </div>
  );
}

type ProblemProps = { title: string; why: string; children?: React.ReactNode };

function Problem({ title, why, children }: ProblemProps) {
  useTold(title);
  return (
    <div className="rounded-card border border-line bg-card px-[18px] py-8">
      <h3 className="font-[640] text-[14px]">{title}</h3>
      <p className="mt-1 max-w-[62ch] text-ink-2">{why}</p>
      {children !== undefined && <div className="mt-4">{children}</div>}
    </div>
  );
}
