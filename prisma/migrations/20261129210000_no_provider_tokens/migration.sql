-- What the provider of single sign-on gave at the first sign-in was kept, and never read again.
UPDATE "credential" SET "access_token" = NULL, "refresh_token" = NULL, "id_token" = NULL
  WHERE "access_token" IS NOT NULL OR "refresh_token" IS NOT NULL OR "id_token" IS NOT NULL;
