import { describe, expect, it } from "vitest";
import { equationOf, statementsOf } from "./report.ts";
import { reportAsCsv } from "./report-csv.ts";
import type {
  DeliverySliceDto,
  HistoryJobDto,
  HistoryJobReportDto,
  JobVerificationDto,
  SliceVerificationDto,
} from "./schema.ts";

const HERE = "0a".repeat(32);

const slice: DeliverySliceDto = {
  region: "cn-hangzhou",
  day: "2026-11-03",
  state: "complete",
  failure: null,
  expected: 10,
  delivered: 10,
  newAtSink: 10,
  presentAtSink: 0,
  undeliverable: 0,
  gap: 0,
  remaining: 0,
  bytes: 5_000,
  batches: 1,
  resent: 0,
  deliveryTimed: 0,
  attempt: 1,
  startedAt: "2026-11-22T10:00:00.000Z",
  endedAt: "2026-11-22T10:00:05.000Z",
};

const found: SliceVerificationDto = {
  region: slice.region,
  day: slice.day,
  method: "identity",
  inHistory: 10,
  inSink: 10,
  missing: 0,
  conflicts: 0,
  checksumHere: HERE,
  checksumThere: HERE,
};

const verification: JobVerificationDto = {
  id: 1,
  state: "complete",
  requestedAt: "2026-11-22T10:00:06.000Z",
  requestedBy: "Backtrail",
  startedAt: "2026-11-22T10:00:07.000Z",
  endedAt: "2026-11-22T10:00:08.000Z",
  failure: null,
  slicesDone: 1,
  slicesTotal: 1,
  methods: ["identity"],
  inSink: 10,
  missing: 0,
  conflicts: 0,
  slicesMissing: 0,
  checksumsEqual: true,
  arrivedLater: 0,
};

type Fields = {
  readonly job?: Partial<HistoryJobDto>;
  readonly slice?: Partial<DeliverySliceDto>;
  readonly found?: Partial<SliceVerificationDto> | null;
  readonly verification?: Partial<JobVerificationDto> | null;
};

/** A report of one slice; what the job counts is what its slice counts unless the fields say otherwise. */
function factsOf(fields: Fields = {}): Omit<HistoryJobReportDto, "statements"> {
  const ofSlice = { ...slice, ...fields.slice };
  const { expected, delivered, newAtSink, presentAtSink, undeliverable, gap, remaining, bytes } = ofSlice;
  const job: HistoryJobDto = {
    id: 12,
    trailName: "audit-trail",
    homeRegion: "cn-hangzhou",
    trailRegion: "All",
    eventRW: "All",
    projectRegion: "cn-hangzhou",
    projectName: "backtrail-audit",
    logstoreName: "actiontrail_audit-trail",
    windowFrom: "2026-08-24T10:00:00.000Z",
    windowTo: "2026-11-22T10:05:00.000Z",
    window: { kind: "default" },
    clientToken: null,
    reason: null,
    createdBy: "ops@example.com",
    createdFrom: null,
    status: 2,
    phase: "complete",
    failure: null,
    ...{ expected, delivered, newAtSink, presentAtSink, undeliverable, gap, remaining, bytes },
    eventsPerSecond: 2,
    createdAt: "2026-11-22T10:00:00.000Z",
    startedAt: "2026-11-22T10:00:00.000Z",
    endedAt: "2026-11-22T10:00:06.000Z",
    acknowledgedAt: "2026-11-22T10:00:05.000Z",
    pausedAt: null,
    cancelledBy: null,
    deletedAt: null,
    run: 1,
    eventsPerSecondMax: null,
    logTime: "auto",
    deliveryTimed: ofSlice.deliveryTimed,
    batches: ofSlice.batches,
    resent: ofSlice.resent,
    claims: 0,
    missingOf: null,
    ...fields.job,
  };
  return {
    generatedAt: "2026-11-22T11:00:00.000Z",
    accountId: "1234567890123456",
    job,
    equation: equationOf(job, [ofSlice]),
    slices: [{ slice: ofSlice, verification: fields.found === null ? null : { ...found, ...fields.found } }],
    verification: fields.verification === null ? null : { ...verification, ...fields.verification },
    undeliverableReasons: ofSlice.undeliverable === 0 ? [] : [{ reason: "LogConflict", count: ofSlice.undeliverable }],
  };
}

function textOf(fields: Fields): string {
  return statementsOf(factsOf(fields)).join("\n");
}

describe("what a report states", () => {
  it("is the equation, the set, the comparison and the checksum of a complete job, and nothing more", () => {
    expect(statementsOf(factsOf())).toEqual([
      "Expected 10 = delivered 10 + undeliverable 0 + gap 0 + remaining 0.",
      "Expected are the events of the window and the trail's filter that had been recorded when the job was created.",
      "1 slice was compared event by event with history at 2026-11-22 10:00:08 UTC, by region, time, event id and SHA-256 of the " +
        "text: of 10 events expected, 10 are in the logstore with the same text, 0 are missing, 0 are there with another text.",
      "Checksums agree: the sum of the SHA-256 digests of what was delivered, taken down with each acknowledgement, equals that " +
        "of the texts that the logstore holds of it.",
    ]);
  });

  it("explains each term of the equation that is not delivered", () => {
    const text = textOf({
      job: { phase: "cancelled", status: 3 },
      slice: { delivered: 4, newAtSink: 4, undeliverable: 3, gap: 1, remaining: 2 },
      found: { inHistory: 9, inSink: 4, missing: 5 },
    });
    expect(text).toContain("Expected 10 = delivered 4 + undeliverable 3 + gap 1 + remaining 2.");
    expect(text).toContain("1 event had left history before it was read");
    expect(text).toContain("3 events were refused by the log service, for 1 reason.");
    expect(text).toContain("2 events were not tried: the job ended as cancelled.");
    expect(text).not.toContain("does not add up");
  });

  it("says when the equation does not hold, or the job says something else than its slices", () => {
    expect(textOf({ slice: { delivered: 9, newAtSink: 9 } })).toContain("do not rely on this report");
    expect(textOf({ job: { delivered: 11 } })).toContain("do not rely on this report");
  });

  it("says when logs are gone that were acknowledged, and that checksums differ", () => {
    const text = textOf({ found: { inSink: 8, missing: 1, conflicts: 1, checksumThere: "0b".repeat(32) } });
    expect(text).toContain("at least 2 events that the log service had acknowledged are no longer in the logstore");
    expect(text).toContain("Checksums differ in 1 slice: cn-hangzhou 2026-11-03.");
    expect(text).not.toContain("Checksums agree");
  });

  it("accuses no logstore of what a later run has delivered since the comparison", () => {
    const before = { verification: { requestedAt: "2026-11-22T09:00:00.000Z" } };
    const found = { inSink: 6, missing: 4 };
    expect(textOf({ ...before, found })).not.toContain("does not add up");
    const running = { job: { endedAt: null, phase: "delivering", status: 1 } } as const;
    expect(textOf({ ...running, found })).not.toContain("does not add up");
    expect(textOf({ ...before, found: { ...found, method: "checksum", missing: 0 } })).toContain("of 6 delivered logs");
  });

  it("accuses history, and not the logstore, where the logstore holds what was delivered", () => {
    const text = textOf({ found: { inSink: 9, conflicts: 1 } });
    expect(text).toContain("at least 1 event was changed in history, or added to it, since");
    expect(text).not.toContain("no longer in the logstore");
  });

  it("says when history itself has fewer events than it had", () => {
    expect(textOf({ found: { inHistory: 7, inSink: 7 } })).toContain("History itself has 3 events fewer");
  });

  it("claims no more than count and checksum of a day that history no longer keeps", () => {
    const text = textOf({ found: { method: "checksum", inHistory: null, conflicts: null } });
    expect(text).toContain(
      "by count and checksum at 2026-11-22 10:00:08 UTC, because history no longer keeps their days",
    );
    expect(text).toContain("but not which event");
    expect(text).not.toContain("event by event");
  });

  it("says at least once, and nothing of checksums, where the sink cannot be read", () => {
    const text = textOf({
      found: { method: "acknowledged", inHistory: null, missing: null, conflicts: null, checksumThere: null },
    });
    expect(text).toContain("each was delivered at least once");
    expect(text).not.toContain("Checksums");
  });

  it.each([
    [{ verification: null, found: null }, "was not compared with the logstore yet"],
    [{ verification: { state: "running", slicesDone: 0, endedAt: null }, found: null }, "under way: 0 of 1 slices"],
    [
      { verification: { state: "failed", failure: "A fault." }, found: null },
      "could not be compared with the logstore. A fault.",
    ],
    [{ verification: { requestedAt: "2026-11-22T09:00:00.000Z" } }, "older than the last run of the job"],
    [
      { verification: { arrivedLater: 3 } },
      "3 events of the window, in days that history still keeps, were recorded after",
    ],
    [{ job: { missingOf: 11 } }, "only the slices in which job 11 was found to miss events"],
    [{ job: { run: 3 } }, "retried 2 times"],
    [{ slice: { newAtSink: 4, presentAtSink: 6 } }, "4 were new to the logstore and 6 were there already"],
    [{ slice: { resent: 1 } }, "1 batch was sent again"],
    [{ slice: { deliveryTimed: 2 } }, "2 logs carry the time of delivery"],
  ] satisfies [Fields, string][])("of %j says %j", (fields, words) => {
    expect(textOf(fields)).toContain(words);
  });
});

describe("the report as CSV", () => {
  it("has one header, a row for each slice with the job's facts in it, and no row of totals", () => {
    const asked = { createdFrom: "203.0.113.9", reason: "incident 318", clientToken: "token-1" };
    const failure = { code: "PostBodyInvalid", message: '=cmd("x"),\nsaid the sink' };
    const facts = factsOf({ job: asked, slice: { failure } });
    expect(reportAsCsv({ ...facts, statements: [] })).toBe(
      "\uFEFF" +
        '"generated_at","job_id","trail_arn","log_project","log_project_region","logstore","event_rw","window_from","window_to",' +
        '"job_created_at","job_created_by","job_created_from","reason","client_token","job_started_at",' +
        '"job_ended_at","job_phase","job_run","missing_of_job","region","day","state",' +
        '"expected","delivered","new_at_sink","present_at_sink","undeliverable","gap","remaining","bytes","batches",' +
        '"batches_sent_again","logs_with_delivery_time","started_at","ended_at","failure_code","failure_message",' +
        '"verified_at","verification_method","in_history","in_sink","missing","conflicts","checksum_here","checksum_there",' +
        '"checksums_equal"\r\n' +
        '"2026-11-22T11:00:00.000Z",12,"acs:actiontrail:cn-hangzhou:1234567890123456:trail/audit-trail","backtrail-audit",' +
        '"cn-hangzhou","actiontrail_audit-trail","All","2026-08-24T10:00:00.000Z","2026-11-22T10:05:00.000Z",' +
        '"2026-11-22T10:00:00.000Z","ops@example.com","203.0.113.9","incident 318","token-1",' +
        '"2026-11-22T10:00:00.000Z","2026-11-22T10:00:06.000Z","complete",1,,"cn-hangzhou","2026-11-03",' +
        '"complete",10,10,10,0,0,0,0,5000,1,0,0,"2026-11-22T10:00:00.000Z","2026-11-22T10:00:05.000Z","PostBodyInvalid",' +
        `"'=cmd(""x""),\nsaid the sink","2026-11-22T10:00:08.000Z","identity",10,10,0,0,"0x${HERE}","0x${HERE}",true\r\n`,
    );
  });

  it("has one row where the job has no slices, with who asked for it, why and by which token", () => {
    const asked = { createdFrom: "203.0.113.9", reason: "incident 318", clientToken: "token-1" };
    const facts = factsOf({ job: asked, verification: null });
    const [header, ...rows] = reportAsCsv({ ...facts, slices: [], statements: [] }).split("\r\n");
    expect(rows).toEqual([
      '"2026-11-22T11:00:00.000Z",12,"acs:actiontrail:cn-hangzhou:1234567890123456:trail/audit-trail","backtrail-audit",' +
        '"cn-hangzhou","actiontrail_audit-trail","All","2026-08-24T10:00:00.000Z","2026-11-22T10:05:00.000Z",' +
        '"2026-11-22T10:00:00.000Z","ops@example.com","203.0.113.9","incident 318","token-1",' +
        `"2026-11-22T10:00:00.000Z","2026-11-22T10:00:06.000Z","complete",1,${",".repeat(27)}`,
      "",
    ]);
    expect(rows[0]?.split(",")).toHaveLength(header?.split(",").length ?? 0);
  });

  it("puts nothing that was found before the job's last run beside what that run delivered", () => {
    const facts = factsOf({
      verification: { requestedAt: "2026-11-22T09:00:00.000Z" },
      found: { inSink: 6, missing: 4 },
    });
    const [, row] = reportAsCsv({ ...facts, statements: [] }).split("\r\n");
    expect(row?.endsWith(",,,,,,,,,,,")).toBe(true);
  });

  it("leaves empty what was not found out", () => {
    const [, row] = reportAsCsv({ ...factsOf({ found: null, verification: null }), statements: [] }).split("\r\n");
    expect(row?.endsWith(",,,,,,,,,,,")).toBe(true);
  });
});
