-- A member may be shut out of an account without being forgotten by it.
ALTER TABLE "membership" ADD COLUMN "disabled_at" TIMESTAMPTZ(3);

CREATE TABLE "invitation" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "account_id" TEXT NOT NULL,
  "email" TEXT NOT NULL,
  "role" TEXT NOT NULL CHECK ("role" IN ('viewer', 'operator', 'admin')),
  "token_hash" BYTEA NOT NULL CHECK (octet_length("token_hash") = 32),
  "created_by" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "invitation_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "invitation_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "invitation_token_hash_key" ON "invitation" ("token_hash");
-- One open invitation per person and account: inviting again replaces the link.
CREATE UNIQUE INDEX "invitation_account_id_email_key" ON "invitation" ("account_id", "email");

CREATE TABLE "password_reset" (
  "user_id" UUID NOT NULL,
  "token_hash" BYTEA NOT NULL CHECK (octet_length("token_hash") = 32),
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "password_reset_pkey" PRIMARY KEY ("user_id"),
  CONSTRAINT "password_reset_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "password_reset_token_hash_key" ON "password_reset" ("token_hash");

CREATE TABLE "try_count" (
  "key" TEXT NOT NULL,
  "count" INTEGER NOT NULL,
  "since" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "try_count_pkey" PRIMARY KEY ("key")
);
CREATE INDEX "try_count_since_idx" ON "try_count" ("since");

ALTER TABLE "user" ADD COLUMN "two_factor_enabled" BOOLEAN DEFAULT false;

CREATE TABLE "two_factor" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "secret" TEXT NOT NULL,
  "backup_codes" TEXT NOT NULL,
  "user_id" UUID NOT NULL,
  "verified" BOOLEAN DEFAULT true,
  "failed_verification_count" INTEGER DEFAULT 0,
  "locked_until" TIMESTAMPTZ(3),
  CONSTRAINT "two_factor_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "two_factor_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "two_factor_user_id_key" ON "two_factor" ("user_id");

-- Sessions of before have shown nothing since they began, and count as used now.
ALTER TABLE "session"
  ADD COLUMN "last_used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  ADD COLUMN "confirmed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;
UPDATE "session" SET "confirmed_at" = "created_at";
