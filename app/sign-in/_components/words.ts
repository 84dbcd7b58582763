import { defineWords } from "@/components/language/words.ts";

export const signInWords = defineWords({
  en: () => ({
    title: "Sign in",
    why: "To redeliver the history of your account's trails.",
    noAccess: "No access yet? An admin of your account adds people; nobody signs up here.",
    email: "E-mail",
    password: "Password",
    signIn: "Sign in",
    signingIn: "Signing in…",
    refusals: {
      "no-answer": "The console gives no answer. Check that it is running, then try again.",
      mismatch: "E-mail and password do not match. Check both and try again.",
      "no-address": "This is not an e-mail address that can sign in. Check it and try again.",
      "too-many": "Too many tries. Wait a minute, then try again.",
      fault: "Signing in failed on our side. Try again in a moment.",
    },
  }),
  "zh-CN": () => ({
    title: "登录",
    why: "登录后即可重新投递账号中跟踪的历史事件。",
    noAccess: "还没有权限？由账号管理员添加成员，这里不提供注册。",
    email: "邮箱",
    password: "密码",
    signIn: "登录",
    signingIn: "正在登录…",
    refusals: {
      "no-answer": "控制台没有响应。请确认它正在运行，然后重试。",
      mismatch: "邮箱与密码不匹配。请检查后重试。",
      "no-address": "这不是可以登录的邮箱地址。请检查后重试。",
      "too-many": "尝试次数过多。请等待一分钟后重试。",
      fault: "登录失败，问题出在我们这边。请稍后重试。",
    },
  }),
});
