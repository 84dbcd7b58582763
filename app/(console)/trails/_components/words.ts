export const TRAILS_PURPOSE = "What is recorded, where it is delivered, and what can be delivered again.";
