import { defineWords } from "@/components/language/words.ts";

/** Where a person is signed in, for themselves and for their admins. */
export const sessionWords = defineWords({
  en: () => ({
    sessions: "Sessions",
    device: "Device",
    unknownDevice: "Unknown device",
    from: "From",
    noAddress: "no address",
    since: "Signed in (UTC)",
    lastUse: "Last use",
    thisSession: "this session",
    end: "End",
    endOf: (device: string, from: string) => `End the session of ${device} from ${from}`,
    ended: "The session has ended.",
  }),
  "zh-CN": () => ({
    sessions: "会话",
    device: "设备",
    unknownDevice: "未知设备",
    from: "来源地址",
    noAddress: "无地址",
    since: "登录时间（UTC）",
    lastUse: "最近使用",
    thisSession: "当前会话",
    end: "结束",
    endOf: (device: string, from: string) => `结束 ${device}（${from}）的会话`,
    ended: "会话已结束。",
  }),
});
