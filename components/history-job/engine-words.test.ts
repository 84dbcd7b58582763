import { expect, test } from "vitest";
import { wordsIn } from "@/components/language/words.ts";
import { ENGINE_SENTENCES } from "@/domain/history-job/engine-sentences.ts";
import { reasonInWords } from "./engine-words.ts";
import { historyJobWords } from "./words.ts";

const EN = wordsIn(historyJobWords, "en");
const ZH = wordsIn(historyJobWords, "zh-CN");

/** What each sentence is made of here; one that is missing does not compile. */
const PARTS: { readonly [Name in keyof typeof ENGINE_SENTENCES]: Parameters<(typeof ENGINE_SENTENCES)[Name]> } = {
  conflict: [],
  otherReasons: [],
  pausedTooLong: ["72"],
  noAcknowledgement: ["ServerBusy: try later"],
  refusedThroughout: ["PostBodyInvalid: key (a|b)* is not valid"],
  miscount: [],
  unknownProject: ["audit-logs", "cn-hangzhou"],
  keyUnreadable: ["audit-logs", "cn-hangzhou"],
  superseded: [],
  comparisonFault: [],
  several: [
    "nothing listens at the endpoint (connect ECONNREFUSED ::1:1)",
    "nothing listens at the endpoint (connect ECONNREFUSED 127.0.0.1:1)",
  ],
  noAnswerWithin: ["15000"],
  noConnectionWithin: ["5000"],
  notAnsweredInTime: [],
  answerStopped: [],
  connectionClosed: [],
  nameUnknown: ["getaddrinfo ENOTFOUND log.example"],
  nameNotLookedUp: ["getaddrinfo EAI_AGAIN log.example"],
  nothingListens: ["connect ECONNREFUSED 127.0.0.1:1"],
  connectionReset: ["read ECONNRESET"],
  closedWhileSending: ["write EPIPE"],
  endpointUnreachable: ["connect EHOSTUNREACH"],
  certificateOfOther: ["not log.example"],
  certificateExpired: ["certificate has expired"],
  certificateUntrusted: ["self-signed certificate"],
  noTls: ["wrong version number"],
  inwardAddress: [],
  answerTooLong: ["65536"],
  notBuiltIn: ["http://127.0.0.1:8080"],
  bareStatus: ["502"],
  coded: ["BadResponse", "HTTP status 502 without an error of a log service"],
};

const SENTENCES = Object.entries<(...parts: string[]) => string>(ENGINE_SENTENCES).map(
  ([name, write]) => [name, write(...PARTS[name as keyof typeof PARTS])] as const,
);

test.each(SENTENCES)("what the engine says is told in either language: %s", (_, sentence) => {
  expect(reasonInWords(sentence, EN)).toBe(sentence);
  expect(reasonInWords(sentence, ZH)).toMatch(/\p{Script=Han}/u);
});

test("a sentence that the engine quotes is told in the reader's language, too", () => {
  const { coded, noAcknowledgement, noAnswerWithin } = ENGINE_SENTENCES;
  expect(reasonInWords(noAcknowledgement(coded("NoAnswer", noAnswerWithin("15000"))), ZH)).toBe(
    "6 小时内没有收到任何确认；最后一次响应：NoAnswer: 15000 毫秒内没有响应",
  );
});

test.each(["PostBodyInvalid: key is not valid", "quota is spent", "", "(", "a: b; c: d"])(
  "the log service's own words stay as they came: %j",
  (text) => {
    expect(reasonInWords(text, ZH)).toBe(text);
  },
);
