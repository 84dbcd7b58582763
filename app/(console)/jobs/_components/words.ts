export const JOBS_PURPOSE = "Every redelivery of this account, newest first.";
