-- The list of jobs by size, paged by key in both directions.
CREATE INDEX "delivery_history_job_account_id_expected_id_idx" ON "delivery_history_job" ("account_id", "expected", "id");
