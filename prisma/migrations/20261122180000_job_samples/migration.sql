-- How far each run of a job was at moments about ten seconds apart: what the chart of its rate is drawn from.
-- No foreign key to the job: its check would lock the row of the job, which progress must leave alone. Jobs are never removed.
CREATE TABLE "job_sample" (
  "job_id" INTEGER NOT NULL,
  "run" INTEGER NOT NULL,
  -- The ten seconds that the moment lies in, since 1970, or -1 for the start of the run: one row each, whoever sweeps.
  "slot" BIGINT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "delivered" BIGINT NOT NULL CHECK ("delivered" >= 0),
  -- From here to the next moment the job was paused.
  "is_pause" BOOLEAN NOT NULL DEFAULT false,
  CONSTRAINT "job_sample_pkey" PRIMARY KEY ("job_id", "run", "slot")
);
