-- Keys that rows are ordered and paged by are COLLATE "C": one byte order everywhere, whatever the server's locale.

CREATE TABLE "account" (
  "id" TEXT NOT NULL CHECK ("id" ~ '^[0-9]{16}$'),
  "name" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "user" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "name" TEXT NOT NULL,
  "email" TEXT NOT NULL,
  "email_verified" BOOLEAN NOT NULL DEFAULT false,
  "image" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "user_email_key" ON "user" ("email");

CREATE TABLE "session" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "token" TEXT NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "ip_address" TEXT,
  "user_agent" TEXT,
  "user_id" UUID NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "session_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "session_token_key" ON "session" ("token");
CREATE INDEX "session_user_id_idx" ON "session" ("user_id");

CREATE TABLE "credential" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "account_id" TEXT NOT NULL,
  "provider_id" TEXT NOT NULL,
  "user_id" UUID NOT NULL,
  "access_token" TEXT,
  "refresh_token" TEXT,
  "id_token" TEXT,
  "access_token_expires_at" TIMESTAMPTZ(3),
  "refresh_token_expires_at" TIMESTAMPTZ(3),
  "scope" TEXT,
  "password" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "credential_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "credential_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "credential_user_id_idx" ON "credential" ("user_id");

CREATE TABLE "verification" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "identifier" TEXT NOT NULL,
  "value" TEXT NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "verification_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "verification_identifier_idx" ON "verification" ("identifier");

CREATE TABLE "rate_limit" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "key" TEXT NOT NULL,
  "count" INTEGER NOT NULL,
  "last_request" BIGINT NOT NULL,
  CONSTRAINT "rate_limit_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "rate_limit_key_key" ON "rate_limit" ("key");

CREATE TABLE "membership" (
  "user_id" UUID NOT NULL,
  "account_id" TEXT NOT NULL,
  "role" TEXT NOT NULL CHECK ("role" IN ('viewer', 'operator', 'admin')),
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "membership_pkey" PRIMARY KEY ("user_id", "account_id"),
  CONSTRAINT "membership_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT "membership_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "membership_account_id_idx" ON "membership" ("account_id");

CREATE TABLE "trail" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "account_id" TEXT NOT NULL,
  "name" TEXT COLLATE "C" NOT NULL CHECK ("name" ~ '^[a-z][a-z0-9_-]{5,35}$'),
  "home_region" TEXT NOT NULL,
  "trail_region" TEXT NOT NULL,
  "event_rw" TEXT NOT NULL CHECK ("event_rw" IN ('Read', 'Write', 'All')),
  "is_organization_trail" BOOLEAN NOT NULL DEFAULT false,
  "organization_id" TEXT,
  "sls_project_arn" TEXT,
  "sls_write_role_arn" TEXT,
  "oss_bucket_name" TEXT,
  "oss_bucket_location" TEXT,
  "oss_key_prefix" TEXT,
  "oss_write_role_arn" TEXT,
  "max_compute_project_arn" TEXT,
  "max_compute_write_role_arn" TEXT,
  "status" TEXT NOT NULL DEFAULT 'Fresh' CHECK ("status" IN ('Fresh', 'Enable', 'Disable')),
  "start_logging_time" TIMESTAMPTZ(3),
  "stop_logging_time" TIMESTAMPTZ(3),
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "trail_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "trail_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT "trail_has_destination" CHECK (COALESCE("oss_bucket_name", "sls_project_arn", "max_compute_project_arn") IS NOT NULL)
);
CREATE UNIQUE INDEX "trail_account_id_name_key" ON "trail" ("account_id", "name");

CREATE TABLE "access_key" (
  "id" TEXT NOT NULL,
  "account_id" TEXT NOT NULL,
  "secret_ciphertext" TEXT NOT NULL,
  "policy" JSONB NOT NULL,
  "status" TEXT NOT NULL DEFAULT 'Active' CHECK ("status" IN ('Active', 'Inactive')),
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "access_key_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "access_key_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "access_key_account_id_idx" ON "access_key" ("account_id");

CREATE TABLE "log_project" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "account_id" TEXT NOT NULL,
  "region" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "endpoint" TEXT,
  "built_in_key_id" TEXT,
  "external_key_id" TEXT,
  "external_secret_ciphertext" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "log_project_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "log_project_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT "log_project_built_in_key_id_fkey" FOREIGN KEY ("built_in_key_id") REFERENCES "access_key" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
  -- Built-in: a key of our own and no endpoint. External: an endpoint and the key given for it.
  CONSTRAINT "log_project_credentials" CHECK (
    ("endpoint" IS NULL AND "built_in_key_id" IS NOT NULL AND "external_key_id" IS NULL AND "external_secret_ciphertext" IS NULL)
    OR ("endpoint" IS NOT NULL AND "built_in_key_id" IS NULL AND "external_key_id" IS NOT NULL AND "external_secret_ciphertext" IS NOT NULL)
  )
);
CREATE UNIQUE INDEX "log_project_built_in_key_id_key" ON "log_project" ("built_in_key_id");
CREATE UNIQUE INDEX "log_project_account_id_region_name_key" ON "log_project" ("account_id", "region", "name");

-- The order in which events were recorded. CACHE 1 is part of the rule: a session that cached numbers would hand out one
-- below a job's arrival_max after the job was created.
CREATE SEQUENCE "event_arrival_seq" AS BIGINT CACHE 1;

-- No default partition: an event outside the made partitions is a fault that must be seen, not a row to be moved later.
CREATE TABLE "event" (
  "account_id" TEXT COLLATE "C" NOT NULL,
  "region" TEXT COLLATE "C" NOT NULL,
  "event_time" TIMESTAMPTZ(3) NOT NULL,
  "event_id" TEXT COLLATE "C" NOT NULL,
  "arrival" BIGINT NOT NULL DEFAULT nextval('event_arrival_seq'::regclass),
  "event_rw" TEXT CHECK ("event_rw" IN ('Read', 'Write')),
  "service_name" TEXT,
  "event_name" TEXT,
  "event_type" TEXT,
  "user_name" TEXT,
  "access_key_id" TEXT,
  "source_ip_address" TEXT,
  "resource_type" TEXT,
  "resource_name" TEXT,
  "error_code" TEXT,
  "body" TEXT NOT NULL,
  "digest" BYTEA NOT NULL CHECK (length("digest") = 32),
  CONSTRAINT "event_pkey" PRIMARY KEY ("account_id", "region", "event_time", "event_id")
) PARTITION BY RANGE ("event_time");

CREATE TABLE "event_conflict" (
  "account_id" TEXT COLLATE "C" NOT NULL,
  "region" TEXT COLLATE "C" NOT NULL,
  "event_time" TIMESTAMPTZ(3) NOT NULL,
  "event_id" TEXT COLLATE "C" NOT NULL,
  "digest" BYTEA NOT NULL CHECK (length("digest") = 32),
  "body" TEXT NOT NULL,
  "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "event_conflict_pkey" PRIMARY KEY ("account_id", "region", "event_time", "event_id", "digest")
);

CREATE TABLE "event_count" (
  "account_id" TEXT COLLATE "C" NOT NULL,
  "granularity" TEXT COLLATE "C" NOT NULL CHECK ("granularity" IN ('hour', 'day')),
  "region" TEXT COLLATE "C" NOT NULL,
  "starts_at" TIMESTAMPTZ(3) NOT NULL,
  "event_rw" TEXT COLLATE "C" NOT NULL CHECK ("event_rw" IN ('Read', 'Write', '')),
  "count" BIGINT NOT NULL CHECK ("count" > 0),
  CONSTRAINT "event_count_pkey" PRIMARY KEY ("account_id", "granularity", "region", "starts_at", "event_rw")
);

CREATE TABLE "delivery_history_job" (
  "id" SERIAL NOT NULL,
  "account_id" TEXT NOT NULL,
  "trail_name" TEXT NOT NULL,
  "home_region" TEXT NOT NULL,
  "trail_region" TEXT NOT NULL,
  "event_rw" TEXT NOT NULL CHECK ("event_rw" IN ('Read', 'Write', 'All')),
  "project_region" TEXT NOT NULL,
  "project_name" TEXT NOT NULL,
  "logstore_name" TEXT NOT NULL,
  "window_from" TIMESTAMPTZ(3) NOT NULL,
  "window_to" TIMESTAMPTZ(3) NOT NULL,
  "arrival_max" BIGINT NOT NULL,
  "client_token" TEXT,
  "request" JSONB NOT NULL,
  "reason" TEXT,
  "created_by" TEXT NOT NULL,
  "created_from" TEXT,
  "status" SMALLINT NOT NULL,
  "phase" TEXT NOT NULL,
  "ends_as" TEXT CHECK ("ends_as" IN ('failed', 'cancelled')),
  "failure_code" TEXT,
  "failure_message" TEXT,
  "expected" BIGINT NOT NULL,
  "delivered" BIGINT,
  "new_at_sink" BIGINT,
  "present_at_sink" BIGINT,
  "undeliverable" BIGINT,
  "gap" BIGINT,
  "bytes" BIGINT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "started_at" TIMESTAMPTZ(3),
  "ended_at" TIMESTAMPTZ(3),
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "deleted_at" TIMESTAMPTZ(3),
  CONSTRAINT "delivery_history_job_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "delivery_history_job_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT "delivery_history_job_window" CHECK ("window_from" < "window_to"),
  -- The vendor's status follows from our phase (domain/history-job).
  CONSTRAINT "delivery_history_job_phase" CHECK (
    "status" = CASE "phase"
      WHEN 'queued' THEN 0
      WHEN 'delivering' THEN 1 WHEN 'paused' THEN 1 WHEN 'cancelling' THEN 1
      WHEN 'complete' THEN 2
      WHEN 'incomplete' THEN 3 WHEN 'failed' THEN 3 WHEN 'cancelled' THEN 3
      ELSE -1
    END
  ),
  CONSTRAINT "delivery_history_job_ends_as" CHECK (("phase" = 'cancelling') = ("ends_as" IS NOT NULL)),
  CONSTRAINT "delivery_history_job_ended" CHECK (("status" IN (2, 3)) = ("ended_at" IS NOT NULL)),
  -- expected = delivered + undeliverable + gap + remaining, and remaining is never negative.
  CONSTRAINT "delivery_history_job_ledger" CHECK ("delivered" + "undeliverable" + "gap" <= "expected"),
  CONSTRAINT "delivery_history_job_sink" CHECK ("delivered" = "new_at_sink" + "present_at_sink")
);
-- One job per client token.
CREATE UNIQUE INDEX "delivery_history_job_account_id_client_token_key" ON "delivery_history_job" ("account_id", "client_token");
-- One running job per account: the slot.
CREATE UNIQUE INDEX "delivery_history_job_slot_key" ON "delivery_history_job" ("account_id") WHERE "status" IN (0, 1);
CREATE INDEX "delivery_history_job_account_id_id_idx" ON "delivery_history_job" ("account_id", "id" DESC);
CREATE INDEX "delivery_history_job_account_id_trail_name_id_idx" ON "delivery_history_job" ("account_id", "trail_name", "id" DESC);

CREATE TABLE "delivery_slice" (
  "job_id" INTEGER NOT NULL,
  "region" TEXT COLLATE "C" NOT NULL,
  "day" DATE NOT NULL,
  "expected" BIGINT NOT NULL CHECK ("expected" > 0),
  "delivered" BIGINT NOT NULL DEFAULT 0,
  "new_at_sink" BIGINT NOT NULL DEFAULT 0,
  "present_at_sink" BIGINT NOT NULL DEFAULT 0,
  "undeliverable" BIGINT NOT NULL DEFAULT 0,
  "gap" BIGINT NOT NULL DEFAULT 0,
  "bytes" BIGINT NOT NULL DEFAULT 0,
  "batches" INTEGER NOT NULL DEFAULT 0,
  "cursor_time" TIMESTAMPTZ(3),
  "cursor_event_id" TEXT COLLATE "C",
  "checksum" BYTEA NOT NULL CHECK (length("checksum") = 32),
  "attempt" INTEGER NOT NULL DEFAULT 0,
  "state" TEXT NOT NULL DEFAULT 'waiting' CHECK ("state" IN ('waiting', 'delivering', 'complete', 'incomplete', 'failed', 'stopped')),
  "failure_code" TEXT,
  "failure_message" TEXT,
  "entry_id" UUID,
  "started_at" TIMESTAMPTZ(3),
  "acknowledged_at" TIMESTAMPTZ(3),
  "ended_at" TIMESTAMPTZ(3),
  CONSTRAINT "delivery_slice_pkey" PRIMARY KEY ("job_id", "day", "region"),
  CONSTRAINT "delivery_slice_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "delivery_history_job" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT "delivery_slice_ledger" CHECK ("delivered" + "undeliverable" + "gap" <= "expected"),
  CONSTRAINT "delivery_slice_sink" CHECK ("delivered" = "new_at_sink" + "present_at_sink"),
  CONSTRAINT "delivery_slice_read_to_end" CHECK (
    "state" NOT IN ('complete', 'incomplete') OR "delivered" + "undeliverable" + "gap" = "expected"
  )
) WITH (fillfactor = 70);
CREATE INDEX "delivery_slice_entry_id_idx" ON "delivery_slice" ("entry_id");

CREATE TABLE "undeliverable" (
  "job_id" INTEGER NOT NULL,
  "day" DATE NOT NULL,
  "region" TEXT COLLATE "C" NOT NULL,
  "event_time" TIMESTAMPTZ(3) NOT NULL,
  "event_id" TEXT COLLATE "C" NOT NULL,
  "reason" TEXT NOT NULL,
  CONSTRAINT "undeliverable_pkey" PRIMARY KEY ("job_id", "day", "region", "event_time", "event_id")
);

CREATE TABLE "logstore" (
  "id" SERIAL NOT NULL,
  "log_project_id" UUID NOT NULL,
  "name" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "logstore_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "logstore_log_project_id_fkey" FOREIGN KEY ("log_project_id") REFERENCES "log_project" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "logstore_log_project_id_name_key" ON "logstore" ("log_project_id", "name");

CREATE TABLE "log" (
  "logstore_id" INTEGER NOT NULL,
  "region" TEXT COLLATE "C" NOT NULL,
  "event_time" TIMESTAMPTZ(3) NOT NULL,
  "event_id" TEXT COLLATE "C" NOT NULL,
  "time" BIGINT NOT NULL,
  "topic" TEXT NOT NULL,
  "source" TEXT NOT NULL,
  "tags" JSONB NOT NULL,
  "event_rw" TEXT,
  "event" TEXT NOT NULL,
  "other_contents" BYTEA,
  "digest" BYTEA NOT NULL CHECK (length("digest") = 32),
  "job_id" INTEGER,
  "batch_ids" TEXT[],
  "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "log_pkey" PRIMARY KEY ("logstore_id", "region", "event_time", "event_id")
) PARTITION BY RANGE ("event_time");
-- Logs are kept for good, and their clients choose the event's time: what fits no day of the kept range lands here.
CREATE TABLE "log_default" PARTITION OF "log" DEFAULT;

CREATE TABLE "plain_log" (
  "id" BIGSERIAL NOT NULL,
  "logstore_id" INTEGER NOT NULL,
  "time" BIGINT NOT NULL,
  "topic" TEXT NOT NULL,
  "source" TEXT NOT NULL,
  "tags" JSONB NOT NULL,
  "contents" BYTEA NOT NULL,
  "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "plain_log_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "plain_log_logstore_id_time_idx" ON "plain_log" ("logstore_id", "time");

CREATE TABLE "log_conflict" (
  "logstore_id" INTEGER NOT NULL,
  "region" TEXT COLLATE "C" NOT NULL,
  "event_time" TIMESTAMPTZ(3) NOT NULL,
  "event_id" TEXT COLLATE "C" NOT NULL,
  "digest" BYTEA NOT NULL CHECK (length("digest") = 32),
  "event" TEXT NOT NULL,
  "job_id" INTEGER,
  "batch_id" TEXT,
  "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "log_conflict_pkey" PRIMARY KEY ("logstore_id", "region", "event_time", "event_id", "digest")
);

CREATE TABLE "log_count" (
  "logstore_id" INTEGER NOT NULL,
  "granularity" TEXT COLLATE "C" NOT NULL CHECK ("granularity" IN ('hour', 'day')),
  "region" TEXT COLLATE "C" NOT NULL,
  "starts_at" TIMESTAMPTZ(3) NOT NULL,
  "event_rw" TEXT COLLATE "C" NOT NULL CHECK ("event_rw" IN ('Read', 'Write', '')),
  "count" BIGINT NOT NULL CHECK ("count" > 0),
  CONSTRAINT "log_count_pkey" PRIMARY KEY ("logstore_id", "granularity", "region", "starts_at", "event_rw")
);

CREATE TABLE "audit_entry" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "account_id" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "action" TEXT NOT NULL,
  "rw" TEXT NOT NULL CHECK ("rw" IN ('Read', 'Write')),
  "outcome" TEXT NOT NULL CHECK ("outcome" IN ('allowed', 'refused')),
  "error_code" TEXT,
  "actor_type" TEXT NOT NULL,
  "actor_id" TEXT NOT NULL,
  "actor_name" TEXT NOT NULL,
  "from_address" TEXT,
  "resource" TEXT,
  "details" JSONB NOT NULL,
  CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "audit_entry_account_id_at_idx" ON "audit_entry" ("account_id", "at" DESC);

CREATE TABLE "audit_outbox" (
  "audit_entry_id" UUID NOT NULL,
  CONSTRAINT "audit_outbox_pkey" PRIMARY KEY ("audit_entry_id")
);
