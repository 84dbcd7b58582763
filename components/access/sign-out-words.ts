import { defineWords } from "@/components/language/words.ts";

/** The button in the rail of every page, so in every page's scripts: few words. */
export const signOutWords = defineWords({
  en: () => ({ signOut: "Sign out", signOutAgain: "Sign out (try again)" }),
  "zh-CN": () => ({ signOut: "退出登录", signOutAgain: "退出登录（重试）" }),
});
