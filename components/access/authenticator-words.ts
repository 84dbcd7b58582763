import { defineWords } from "@/components/language/words.ts";

/** Setting up an authenticator app, its backup codes, and taking it away. */
export const authenticatorWords = defineWords({
  en: () => ({
    enable: "Set up",
    requiredWhy:
      "A second factor is required here of everybody who signs in with a password, and you have none yet. Nothing else opens until an authenticator app is set up for you.",
    signedInAs: (email: string) => `You are signed in as ${email}.`,
    presentPassword: "Present password",
    noPasswordNeeded: "You have come by single sign-on; go on.",
    deeds: {
      enable: {
        title: "Set up an authenticator app",
        why: "From then on, a code of the app is asked for when a password signs in.",
      },
      renew: { title: "New backup codes", why: "The old ones work no longer." },
      disable: { title: "Remove the authenticator", why: "No code is asked for at sign-in then." },
    },
    disabled: "The authenticator is removed. No code is asked for any more.",
    scanWhy: "Scan this with the app, then enter the code that it shows.",
    qrCode: "QR code with the key for the authenticator app",
    orKey: "Or enter the key by hand:",
    copyKey: "Copy the key",
    firstCode: "Code",
    keepCodes:
      "Keep these backup codes where you find them without your phone. Each works once; they are shown only now.",
    backupCodes: "Backup codes",
    copyCodes: "Copy the backup codes",
    steps: { password: "Go on", scan: "Confirm", codes: "I have kept them" },
    cancel: "Cancel",
  }),
  "zh-CN": () => ({
    enable: "设置",
    requiredWhy:
      "此系统要求所有使用密码登录的用户具备第二重验证，而您尚未设置。在设置身份验证器应用之前，无法打开其他任何页面。",
    signedInAs: (email: string) => `您当前以 ${email} 登录。`,
    presentPassword: "当前密码",
    noPasswordNeeded: "您已通过单点登录进入，请继续。",
    deeds: {
      enable: { title: "设置身份验证器应用", why: "此后使用密码登录时需要应用中的验证码。" },
      renew: { title: "新的备用码", why: "旧的备用码将失效。" },
      disable: { title: "移除身份验证器", why: "之后登录时不再需要验证码。" },
    },
    disabled: "身份验证器已移除，不再需要验证码。",
    scanWhy: "请用应用扫描此二维码，然后输入其显示的验证码。",
    qrCode: "包含身份验证器应用密钥的二维码",
    orKey: "或手动输入密钥：",
    copyKey: "复制密钥",
    firstCode: "验证码",
    keepCodes: "请将这些备用码保存在没有手机也能找到的地方。每个只能使用一次，且只显示这一次。",
    backupCodes: "备用码",
    copyCodes: "复制备用码",
    steps: { password: "继续", scan: "确认", codes: "我已保存" },
    cancel: "取消",
  }),
});
