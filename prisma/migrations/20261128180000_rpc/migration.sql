-- Each nonce of an access key that was used while a request with it would still be taken, as its SHA-256. The key is what makes a
-- replay at once on several processes lose. No foreign key: it would lock the access key's row at every request.
CREATE TABLE "request_nonce" (
  "access_key_id" TEXT COLLATE "C" NOT NULL,
  "digest" BYTEA NOT NULL CHECK (length("digest") = 32),
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "request_nonce_pkey" PRIMARY KEY ("access_key_id", "digest")
);
CREATE INDEX "request_nonce_expires_at_idx" ON "request_nonce" ("expires_at");

-- Calls of an account in the last second that had any, per action of the vendor's API.
CREATE TABLE "call_count" (
  "account_id" TEXT COLLATE "C" NOT NULL,
  "action" TEXT COLLATE "C" NOT NULL,
  "second" TIMESTAMPTZ(3) NOT NULL,
  "calls" INTEGER NOT NULL,
  CONSTRAINT "call_count_pkey" PRIMARY KEY ("account_id", "action")
) WITH (fillfactor = 50);

-- Where the account's global events are kept, as somebody has said it. NULL until then.
ALTER TABLE "account" ADD COLUMN "global_events_storage_region" TEXT;
