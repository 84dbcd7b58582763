import { defineWords } from "@/components/language/words.ts";

/** The page of a person's own password, authenticator and sessions. */
export const securityWords = defineWords({
  en: ({ countOf }) => ({
    title: "Your security",
    purpose: (email: string) => `How you, ${email}, get in, and where you are signed in.`,
    failed: "Your security could not be read",
    password: "Password",
    othersEnd: "All your other sessions end with it.",
    changePassword: "Change password",
    passwordChanged: "Your password is changed; all your other sessions have ended.",
    noPassword: "You come in by single sign-on and have no password here.",
    authenticator: "Authenticator app",
    authenticatorOn: "A code is asked for when you sign in with a password",
    authenticatorOff: { password: "Your password alone signs you in", provider: "No authenticator is set up" },
    authenticatorWhy: {
      password: "With an authenticator app, a stolen password opens nothing.",
      provider:
        "You sign in at your provider, and no code is asked for here. A code of the app then confirms that it is you.",
    },
    backupCodesLeft: (count: number) => `${countOf(count, "backup code", "backup codes")} left.`,
    notOffered: {
      on: "An authenticator is set up, and what the link asks for is not offered then.",
      off: "No authenticator is set up, and what the link asks for is not offered without one.",
    },
    renewCodes: "New backup codes",
    disable: "Remove",
    required:
      "A second factor is required here, so the authenticator cannot be removed. For another phone, let an admin of your account take this one away: you set up the other at your next visit.",
    endOthers: "End all others",
    othersEnded: "All your other sessions have ended.",
  }),
  "zh-CN": ({ countOf }) => ({
    title: "个人安全",
    purpose: (email: string) => `您（${email}）的登录方式，以及您在哪些地方登录。`,
    failed: "无法读取您的安全设置",
    password: "密码",
    othersEnd: "更改后，您的所有其他会话都会结束。",
    changePassword: "更改密码",
    passwordChanged: "密码已更改，您的所有其他会话已结束。",
    noPassword: "您通过单点登录进入，在这里没有密码。",
    authenticator: "身份验证器应用",
    authenticatorOn: "使用密码登录时需要验证码",
    authenticatorOff: { password: "仅凭密码即可登录", provider: "未设置身份验证器" },
    authenticatorWhy: {
      password: "使用身份验证器应用后，仅窃取密码无法进入。",
      provider: "您通过身份提供方登录，这里不需要验证码。应用的验证码可用来确认是您本人。",
    },
    backupCodesLeft: (count: number) => `还剩 ${countOf(count, "个")}备用码。`,
    notOffered: {
      on: "身份验证器已设置，此时不提供链接所指的操作。",
      off: "尚未设置身份验证器，此时不提供链接所指的操作。",
    },
    renewCodes: "新的备用码",
    disable: "移除",
    required:
      "此系统要求第二重验证，因此不能移除身份验证器。如需更换手机，请让账号管理员将其移除，您在下次访问时重新设置。",
    endOthers: "结束所有其他会话",
    othersEnded: "您的所有其他会话已结束。",
  }),
});
