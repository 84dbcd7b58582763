-- How log times are chosen (design 5): auto is the time of the event until the sink says that it is out of range.
ALTER TABLE "log_project" ADD COLUMN "log_time" TEXT NOT NULL DEFAULT 'auto' CHECK ("log_time" IN ('auto', 'event', 'delivery'));

ALTER TABLE "delivery_history_job"
  ADD COLUMN "log_time" TEXT NOT NULL DEFAULT 'auto' CHECK ("log_time" IN ('auto', 'event', 'delivery')),
  ADD COLUMN "run" INTEGER NOT NULL DEFAULT 1,
  ADD COLUMN "delivered_before" BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN "events_per_second_max" INTEGER CHECK ("events_per_second_max" > 0),
  ADD COLUMN "paced_until" TIMESTAMPTZ(3),
  ADD COLUMN "paused_at" TIMESTAMPTZ(3),
  ADD COLUMN "cancelled_by" TEXT,
  ADD COLUMN "missing_of" INTEGER REFERENCES "delivery_history_job" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  -- A job that is paused says since when, because after 24 hours it is cancelled.
  ADD CONSTRAINT "delivery_history_job_paused" CHECK (("phase" = 'paused') = ("paused_at" IS NOT NULL));

ALTER TABLE "delivery_slice"
  ADD COLUMN "resent" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "delivery_timed" BIGINT NOT NULL DEFAULT 0,
  ADD CONSTRAINT "delivery_slice_delivery_timed" CHECK ("delivery_timed" BETWEEN 0 AND "delivered");

-- Which run of the job the sink refused the event in: a retry, which begins a new run, tries those of earlier ones again.
ALTER TABLE "undeliverable" ADD COLUMN "run" INTEGER NOT NULL DEFAULT 1;

CREATE TABLE "sink_circuit" (
  "endpoint" TEXT NOT NULL,
  "project" TEXT NOT NULL,
  "cause" TEXT NOT NULL CHECK ("cause" IN ('endpoint', 'project')),
  "failures" INTEGER NOT NULL DEFAULT 1 CHECK ("failures" > 0),
  "code" TEXT NOT NULL,
  "message" TEXT NOT NULL,
  "opened_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "tried_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "retry_at" TIMESTAMPTZ(3) NOT NULL,
  "silent_ms" BIGINT NOT NULL DEFAULT 0,
  "holder" TEXT,
  "holder_until" TIMESTAMPTZ(3),
  CONSTRAINT "sink_circuit_pkey" PRIMARY KEY ("endpoint", "project"),
  CONSTRAINT "sink_circuit_holder" CHECK (("holder" IS NULL) = ("holder_until" IS NULL))
);

CREATE TABLE "job_verification" (
  "id" SERIAL NOT NULL,
  "job_id" INTEGER NOT NULL,
  "state" TEXT NOT NULL DEFAULT 'waiting' CHECK ("state" IN ('waiting', 'running', 'complete', 'failed')),
  "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "requested_by" TEXT NOT NULL,
  "started_at" TIMESTAMPTZ(3),
  "ended_at" TIMESTAMPTZ(3),
  "failure" TEXT,
  "entry_id" UUID,
  "tries" INTEGER NOT NULL DEFAULT 0,
  "arrived_later" BIGINT,
  CONSTRAINT "job_verification_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "job_verification_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "delivery_history_job" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT "job_verification_ended" CHECK (("state" IN ('complete', 'failed')) = ("ended_at" IS NOT NULL))
);
CREATE INDEX "job_verification_job_id_id_idx" ON "job_verification" ("job_id", "id" DESC);
-- One verification of a job at a time: the later request gets the earlier one.
CREATE UNIQUE INDEX "job_verification_running_key" ON "job_verification" ("job_id") WHERE "state" IN ('waiting', 'running');

CREATE TABLE "slice_verification" (
  "verification_id" INTEGER NOT NULL,
  "region" TEXT COLLATE "C" NOT NULL,
  "day" DATE NOT NULL,
  "method" TEXT NOT NULL CHECK ("method" IN ('identity', 'checksum', 'acknowledged')),
  "in_history" BIGINT,
  "in_sink" BIGINT NOT NULL,
  "missing" BIGINT,
  "conflicts" BIGINT,
  "checksum_here" BYTEA NOT NULL CHECK (length("checksum_here") = 32),
  "checksum_there" BYTEA CHECK (length("checksum_there") = 32),
  CONSTRAINT "slice_verification_pkey" PRIMARY KEY ("verification_id", "day", "region"),
  CONSTRAINT "slice_verification_verification_id_fkey" FOREIGN KEY ("verification_id") REFERENCES "job_verification" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
