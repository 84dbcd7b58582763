import { defineWords } from "@/components/language/words.ts";

/** An entry of the audit in words. */
export const auditEntryWords = defineWords({
  en: () => ({
    outcomes: { allowed: "Allowed", refused: "Refused" },
    actors: { user: "Person", "access-key": "Access key", worker: "Backtrail itself", "command-line": "Command line" },
    noAddress: "no address",
  }),
  "zh-CN": () => ({
    outcomes: { allowed: "已允许", refused: "已拒绝" },
    actors: { user: "人员", "access-key": "访问密钥", worker: "Backtrail 自身", "command-line": "命令行" },
    noAddress: "无地址",
  }),
});
