-- Byte order, as in the keys: the indexes below are for equality, and a language order costs recording and gains nothing.
ALTER TABLE "event"
  ADD COLUMN "sensitive_action" TEXT COLLATE "C",
  ALTER COLUMN "service_name" TYPE TEXT COLLATE "C",
  ALTER COLUMN "event_name" TYPE TEXT COLLATE "C",
  ALTER COLUMN "event_type" TYPE TEXT COLLATE "C",
  ALTER COLUMN "user_name" TYPE TEXT COLLATE "C",
  ALTER COLUMN "access_key_id" TYPE TEXT COLLATE "C",
  ALTER COLUMN "source_ip_address" TYPE TEXT COLLATE "C",
  ALTER COLUMN "resource_type" TYPE TEXT COLLATE "C",
  ALTER COLUMN "resource_name" TYPE TEXT COLLATE "C";

-- All events of an account in the order of a page, so that no page sorts. Its condition holds for every event (the sequence begins
-- with 1) and is there for the planner: a look-up that does not name it cannot take this index and read 90 days for a rare value.
CREATE INDEX "event_time_idx" ON "event" ("account_id", "event_time", "event_id", "region") WHERE "arrival" > 0;

-- One per look-up key, as lean as can be, because each is written with each event: events of one millisecond are put in order
-- by the page that reads them.
CREATE INDEX "event_account_id_service_name_event_time_idx" ON "event" ("account_id", "service_name", "event_time");
CREATE INDEX "event_account_id_event_name_event_time_idx" ON "event" ("account_id", "event_name", "event_time");
CREATE INDEX "event_account_id_event_type_event_time_idx" ON "event" ("account_id", "event_type", "event_time");
CREATE INDEX "event_account_id_event_rw_event_time_idx" ON "event" ("account_id", "event_rw", "event_time");
CREATE INDEX "event_account_id_user_name_event_time_idx" ON "event" ("account_id", "user_name", "event_time");
CREATE INDEX "event_account_id_access_key_id_event_time_idx" ON "event" ("account_id", "access_key_id", "event_time");
CREATE INDEX "event_account_id_source_ip_address_event_time_idx" ON "event" ("account_id", "source_ip_address", "event_time");
CREATE INDEX "event_account_id_resource_type_event_time_idx" ON "event" ("account_id", "resource_type", "event_time");
CREATE INDEX "event_account_id_resource_name_event_time_idx" ON "event" ("account_id", "resource_name", "event_time");
CREATE INDEX "event_account_id_event_id_event_time_idx" ON "event" ("account_id", "event_id", "event_time");

-- The name of an assumed role is what its user name has before the colon (actiontrail.md, 5.1). Other names have none.
CREATE INDEX "event_role_name_idx" ON "event" ("account_id", split_part("user_name", ':', 1), "event_time")
  WHERE strpos("user_name", ':') > 0;

-- Few events say whether they are sensitive.
CREATE INDEX "event_sensitive_action_idx" ON "event" ("account_id", "sensitive_action", "event_time")
  WHERE "sensitive_action" IS NOT NULL;
