-- The audit is read newest first and continued behind an entry: entries of one millisecond are told apart by their id.
CREATE INDEX "audit_entry_account_id_at_id_idx" ON "audit_entry" ("account_id", "at" DESC, "id" DESC);
DROP INDEX "audit_entry_account_id_at_idx";

-- While a test of the connection is on its way. It ends by itself should the process that makes it die.
ALTER TABLE "log_project" ADD COLUMN "tested_until" TIMESTAMPTZ(3);

-- What a logstore has stored, by the hour of its arrival. The lane is that of the database session that stored it: one row for all
-- would make the requests of a delivery wait for each other.
CREATE TABLE "log_arrival" (
  "logstore_id" INTEGER NOT NULL,
  "hour" TIMESTAMPTZ(3) NOT NULL,
  "lane" SMALLINT NOT NULL,
  "first_at" TIMESTAMPTZ(3) NOT NULL,
  "last_at" TIMESTAMPTZ(3) NOT NULL,
  "logs" BIGINT NOT NULL CHECK ("logs" >= 0),
  "plain_logs" BIGINT NOT NULL CHECK ("plain_logs" >= 0),
  "bytes" BIGINT NOT NULL CHECK ("bytes" >= 0),
  CONSTRAINT "log_arrival_pkey" PRIMARY KEY ("logstore_id", "hour", "lane")
);
INSERT INTO "log_arrival" ("logstore_id", "hour", "lane", "first_at", "last_at", "logs", "plain_logs", "bytes")
SELECT "logstore_id", "hour", 0, min("received_at"), max("received_at"), sum("logs"), sum("plain_logs"), sum("bytes")
FROM (
  SELECT "logstore_id", date_trunc('hour', "received_at", 'UTC') AS "hour", "received_at", 1 AS "logs", 0 AS "plain_logs",
    octet_length("event") + COALESCE(octet_length("other_contents"), 0) AS "bytes"
  FROM "log"
  UNION ALL
  SELECT "logstore_id", date_trunc('hour', "received_at", 'UTC'), "received_at", 0, 1, octet_length("contents")
  FROM "plain_log"
) AS "stored"
GROUP BY "logstore_id", "hour";
