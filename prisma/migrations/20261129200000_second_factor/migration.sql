-- How sessions of before began is known of nobody: they count as begun with a password alone, until their people sign in again.
ALTER TABLE "session" ADD COLUMN "begun_by" TEXT NOT NULL DEFAULT 'password'
  CHECK ("begun_by" IN ('password', 'second-factor', 'single-sign-on'));
