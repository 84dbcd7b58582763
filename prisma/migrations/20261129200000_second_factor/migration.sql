-- How sessions of before began is known of nobody who has a password: they count as begun with it alone, until their people sign in again.
ALTER TABLE "session" ADD COLUMN "begun_by" TEXT NOT NULL DEFAULT 'password'
  CHECK ("begun_by" IN ('password', 'second-factor', 'single-sign-on'));

-- Who has no password can only have come by single sign-on, and no second factor is demanded of them.
UPDATE "session" s SET "begun_by" = 'single-sign-on'
  WHERE NOT EXISTS (SELECT 1 FROM "credential" c WHERE c."user_id" = s."user_id" AND c."provider_id" = 'credential');
