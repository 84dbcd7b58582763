-- The turn at a sink in trouble ends with its holder's entry. One that was taken before has none and ends now: its worker is of the release before.
ALTER TABLE "sink_circuit" ADD COLUMN "holder_entry_id" UUID, ADD COLUMN "holder_retry_count" INTEGER;
