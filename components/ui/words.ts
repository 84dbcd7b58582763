import { defineWords } from "@/components/language/words.ts";

/** What the parts of the look say by themselves. */
export const uiWords = defineWords({
  en: ({ duration, clock }) => ({
    notifications: "Notifications",
    copyIt: "Copy",
    copied: "Copied",
    selectByHand: "Select it by hand",
    sessionEnded: "Your session has ended.",
    signInAgain: "Sign in again",
    updatedNow: "updated just now",
    updatedAgo: (ms: number) => `updated ${duration(ms)} ago`,
    notUpdated: (ms: number, since: string, why: string) =>
      `Not updated for ${duration(ms)}, since ${clock(since)}: ${why} Trying again.`,
    cannotRead: "the console cannot read its data.",
    noAnswer: "the console gives no answer.",
    fault: (seconds: number) =>
      `This is a fault of the console, not of what you did. Nothing was changed by showing this page, and jobs do not depend on it. It is tried again every ${seconds} s.`,
    reference: "If it stays, give your operator this reference:",
    tryAgain: "Try again",
    local: "your time",
    consoleFailed: "The console could not be shown",
    pageFailed: "This page could not be shown",
    noSuchPage: "There is no such page",
    noSuchPageWhy: "The address may be mistyped, or the page has moved.",
    goToTrails: "Go to trails",
    notAllowed: "Your role does not show this page",
    notAllowedWhy: "An admin of the account can, and may give you another role.",
  }),
  "zh-CN": ({ duration, clock }) => ({
    notifications: "通知",
    copyIt: "复制",
    copied: "已复制",
    selectByHand: "请手动选择",
    sessionEnded: "您的会话已结束。",
    signInAgain: "重新登录",
    updatedNow: "刚刚更新",
    updatedAgo: (ms: number) => `${duration(ms)}前更新`,
    notUpdated: (ms: number, since: string, why: string) =>
      `已有 ${duration(ms)}未更新（自 ${clock(since)}）：${why}正在重试。`,
    cannotRead: "控制台无法读取数据。",
    noAnswer: "控制台没有响应。",
    fault: (seconds: number) =>
      `这是控制台的故障，与您的操作无关。显示此页面没有更改任何内容，投递任务也不受影响。每 ${seconds} 秒重试一次。`,
    reference: "如果问题持续存在，请将此编号告知运维人员：",
    tryAgain: "重试",
    local: "本地时间",
    consoleFailed: "控制台无法显示",
    pageFailed: "此页面无法显示",
    noSuchPage: "没有这个页面",
    noSuchPageWhy: "地址可能有误，或者页面已移动。",
    goToTrails: "前往跟踪",
    notAllowed: "您的角色无法查看此页面",
    notAllowedWhy: "账号管理员可以查看，也可以为您更换角色。",
  }),
});
