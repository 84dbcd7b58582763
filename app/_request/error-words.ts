import type { Language } from "@/components/language/language.ts";
import { defineWords } from "@/components/language/words.ts";
import type {
  DomainErrorCode,
  DomainErrorDetails,
  JobStatusReason,
  LookupReason,
  PasswordReason,
  TrailNotValidReason,
} from "@/domain/errors.ts";

/** A sentence for each refusal, which says what holds and what to do. */
type ErrorWords = { readonly [Code in DomainErrorCode]: (details: DomainErrorDetails) => string };

type Why = TrailNotValidReason | JobStatusReason | LookupReason | PasswordReason;

const WHY: Readonly<Record<Language, Readonly<Record<Why, string>>>> = {
  en: {
    "job-ended": "This job has ended already. Nothing was changed.",
    "job-running": "This job has not ended yet. Wait until it has, or cancel it.",
    "job-ending": "This job is ending already. Wait until its last batch is answered.",
    "job-complete": "Every event of this job was delivered, so there is nothing to retry.",
    "job-cancelled": "A cancelled job is not taken up again. Start a new one.",
    "job-deleted": "This job was deleted. Its report stays, but nothing more can be done with it.",
    "nothing-to-retry":
      "Nothing of this job is left to send: what is missing is no longer in history, so a retry cannot bring it back.",
    "not-verified": "This job was not compared with its logstore yet. Verify it first, then send what is missing.",
    "nothing-missing": "Nothing that history still has is missing from the logstore.",
    "organization-trail":
      "This is an organization trail. Redelivery works for single-account trails: choose one of those.",
    "no-sls-destination":
      "This trail does not deliver to Log Service. Redelivery needs a trail that does: choose another one.",
    "never-took-effect":
      "This trail was never enabled, so there is no time before it took effect. Choose another window.",
    "took-effect-before-history":
      "This trail took effect before the 90 days that history keeps, so nothing older is there to send. Choose another window.",
    "lookup-too-slow":
      "Looking this up took too long, so it was stopped. Choose a shorter time range or a rarer value, then try again.",
    "no-log-project": "This trail's log project is not known to this account. Ask an admin to add it, then try again.",
    "password-length": "A password has 12 to 128 characters. Choose one that has.",
    "password-breached":
      "This password is made of words that are in lists of breached passwords. Choose another, such as four words that have nothing to do with each other.",
  },
  "zh-CN": {
    "job-ended": "此任务已经结束，没有更改任何内容。",
    "job-running": "此任务尚未结束。请等待其结束，或取消它。",
    "job-ending": "此任务正在结束。请等待最后一批日志得到响应。",
    "job-complete": "此任务的所有事件都已投递，没有需要重试的内容。",
    "job-cancelled": "已取消的任务不能继续。请新建一个任务。",
    "job-deleted": "此任务已被删除。报告会保留，但不能再对其进行操作。",
    "nothing-to-retry": "此任务没有剩余待投递的事件：缺失的事件已不在历史中，重试也无法找回。",
    "not-verified": "此任务尚未与其日志库核对。请先核对，再补发缺失的事件。",
    "nothing-missing": "历史中仍有的事件，日志库里一个都不缺。",
    "organization-trail": "这是组织跟踪。只有单账号跟踪可以重新投递：请选择单账号跟踪。",
    "no-sls-destination": "此跟踪没有投递到日志服务。重新投递需要投递到日志服务的跟踪：请选择其他跟踪。",
    "never-took-effect": "此跟踪从未启用，因此没有生效之前的时间。请选择其他时间范围。",
    "took-effect-before-history": "此跟踪在历史保留的 90 天之前就已生效，没有更早的事件可以投递。请选择其他时间范围。",
    "lookup-too-slow": "查询耗时过长，已停止。请缩短时间范围，或选择更少见的值后重试。",
    "no-log-project": "此账号不认识该跟踪的日志项目。请管理员添加后重试。",
    "password-length": "密码长度为 12 到 128 个字符。请重新选择。",
    "password-breached": "此密码由已泄露密码列表中的词组成。请换一个，例如四个互不相关的词。",
  },
};

const REFUSALS: Readonly<Record<Language, ErrorWords>> = {
  en: {
    NoPermission: () => "Your role in this account does not allow this. Ask an operator or an admin to do it.",
    MissingTrailName: () => "No trail was named. Choose one on the trails page.",
    InvalidTrailNameException: () =>
      "No trail can have this name: 6 to 36 lowercase letters, digits, - and _, a letter first. Correct it.",
    "InvalidClientToken.Malformed": () =>
      "A client token has 1 to 64 printable ASCII characters. Change it, or make a new one.",
    IdempotentParameterMismatch: ({ jobId }) =>
      `This client token has already started ${jobId === undefined ? "a job" : `job ${jobId}`} with another request. ` +
      "Start again with a new token if you want this one as well.",
    TrailNotFoundException: () => "There is no such trail in this account any more. Go back to the trails page.",
    TrailAlreadyExistsException: () => "A trail of this name exists in this account. Choose another name.",
    MaximumNumberOfTrailsExceededException: () =>
      "This home region has five trails already, which is the most there can be. Delete one of them, or choose another home region.",
    MaximumNumberOfOrganizationTrailExceeded: () =>
      "This account has an organization trail already, and there can be one only. Change that one instead.",
    ForbiddenDeleteTrail: ({ jobId }) =>
      `${jobId === undefined ? "A job" : `Job ${jobId}`} is delivering this trail's history. Wait until it has ended, or cancel it, then delete the trail.`,
    InvalidPrefixException: () =>
      "No OSS key can have this prefix: 6 to 32 letters, digits, -, / and _, a letter first. Correct it, or leave it empty.",
    CreateLogStoreError: () =>
      "No logstore can be made for this trail: it is named after the trail, and must end with a letter or a digit. Choose a name that does.",
    InvalidDeliveryConfigurationException: () =>
      "The trail names no destination that can be delivered to. Choose a Log Service project or an OSS bucket.",
    SlsProjectDoesNotExistException: () =>
      "There is no such log project in this account. Choose another, or ask an admin to add it.",
    TrailNotValid: ({ why }) =>
      why === undefined ? "The history of this trail cannot be redelivered. Choose another one." : WHY.en[why],
    InvalidParameterValue: ({ field }) =>
      `The value of ${field ?? "a field"} cannot be used. Correct it and try again.`,
    InvalidParameterCombination: ({ field, jobId }) =>
      field === "trailName"
        ? `Job ${jobId} delivered another trail's history. Send what is missing from the page of that job.`
        : "The window ends before it begins. Choose an end that is later than its start.",
    InvalidParameterStartTimeOutOfDate: () =>
      "The window begins more than 90 days ago, and history keeps 90 days. Choose a later start.",
    MaximumNumberOfDeliveryHistoryJobsExceededException: ({ jobId }) =>
      jobId === undefined
        ? "Another job is delivering in this account. Wait until it has ended, then try again."
        : `Job ${jobId} is delivering in this account. Watch it, or wait until it has ended.`,
    InvalidEvents: () => "These events cannot be taken. Send at most 1,000 of them, and 4 MB, at a time.",
    InvalidNextToken: () => "This list cannot be continued from here. Read it again from its beginning.",
    DeliveryHistoryJobNotFound: ({ why }) =>
      why === undefined ? "There is no such job in this account. Go back to the jobs page." : WHY.en[why],
    IncorrectDeliveryHistoryJobStatus: ({ why }) =>
      why === undefined ? "This job's state does not allow that. Look at the job first." : WHY.en[why],
    MembershipAlreadyExists: () => "This person is in the account already. Change their role instead.",
    MemberNotFound: () => "There is no such member in this account any more. Reload the page.",
    LastAdmin: () => "This is the account's last admin. Make somebody else an admin first.",
    PersonOfOtherAccounts: () =>
      "This person belongs to accounts that you are no admin of; this would open those, too. Let them reset their password by mail, or ask whoever runs this installation.",
    InvitationNotFound: () =>
      "This invitation has expired, was used or was withdrawn. Ask an admin of the account for a new one.",
    PasswordResetNotFound: () => "This link has expired or was used. Ask for a new one.",
    PasswordRefused: ({ why }) => WHY.en[why ?? "password-length"],
    PasswordMismatch: () => "This is not your present password. Check it and try again.",
    IdentityNotConfirmed: () =>
      "This is neither your password nor a code that can be used now. Check it and try again.",
    ReauthenticationRequired: () =>
      "Confirm first that it is you: with your password, or with a code of your authenticator.",
    SecondFactorRequired: () =>
      "A second factor is required here, and you have no authenticator app set up. Nothing was done: reload this page, which leads to where you set one up.",
    OwnSecondFactorRequired: () =>
      "A second factor is required here, so you cannot take away your own authenticator. If you have lost it, ask another admin.",
    SessionNotFound: () => "This session has ended already.",
    AccessKeyNotFound: () => "There is no such access key in this account any more. Reload the page.",
    AccessKeyRotated: () =>
      "This client has two keys already. Delete the old one once it is not used, then rotate again.",
    AccessKeyPolicyUnreadable: () =>
      "The policy of this key can't be read. Save another one first, then rotate the key.",
    TooManyTries: () => "Too many tries. Wait some minutes, then try again.",
    AccountNotFound: () => "There is no such account here, or you have no place in it.",
    AccountSwitched: () =>
      "You have switched to another account in another tab. Nothing was done: reload this page to go on in that account.",
    ServiceUnavailable: ({ why }) =>
      why === undefined
        ? "Too many requests at once. Try again in a moment: the same token never starts a second job."
        : WHY.en[why],
    LogProjectAlreadyExists: () =>
      "This account has a log project of this region and name already. Edit that one, or choose another name.",
    LogProjectInUse: ({ jobId, trailNames = [] }) =>
      jobId === undefined
        ? `${trailNames.length === 1 ? "The trail" : "The trails"} ${trailNames.join(", ")} ${trailNames.length === 1 ? "delivers" : "deliver"} to this log project. Let them deliver elsewhere or delete them first.`
        : `Job ${jobId} is delivering to this log project. Wait until it has ended, or cancel it first.`,
    LogProjectBuiltIn: () =>
      "This log project is part of the built-in log service, which holds its logs and its key. It is neither edited nor deleted here.",
    LogProjectKeyRequired: () =>
      "The stored key was given for another endpoint or another key id, so it is not sent there. Enter the secret that belongs to it.",
    LogProjectKeyUnreadable: () =>
      "The stored key of this log project cannot be read: it was changed, or BACKTRAIL_SECRET is not the one it was stored under. Edit the project and enter the key again.",
    ConnectionTestRunning: () =>
      "A test of this log project is on its way. Wait for its answer, a minute at most, then test again.",
  },
  "zh-CN": {
    NoPermission: () => "您在此账号中的角色不允许此操作。请联系操作员或管理员。",
    MissingTrailName: () => "没有指定跟踪。请在跟踪页面选择一个。",
    InvalidTrailNameException: () =>
      "跟踪不能使用这个名称：应为 6 到 36 个小写字母、数字、- 或 _，以字母开头。请修改。",
    "InvalidClientToken.Malformed": () => "幂等令牌应为 1 到 64 个可打印的 ASCII 字符。请修改，或生成一个新的。",
    IdempotentParameterMismatch: ({ jobId }) =>
      `此幂等令牌已经用另一个请求启动了${jobId === undefined ? "一个任务" : `任务 ${jobId}`}。如果也需要当前请求，请使用新的令牌重新开始。`,
    TrailNotFoundException: () => "此账号中已没有这个跟踪。请返回跟踪页面。",
    TrailAlreadyExistsException: () => "此账号中已有同名跟踪。请更换名称。",
    MaximumNumberOfTrailsExceededException: () => "此主地域已有五个跟踪，已达上限。请删除其中一个，或选择其他主地域。",
    MaximumNumberOfOrganizationTrailExceeded: () => "此账号已有一个组织跟踪，且只能有一个。请修改已有的组织跟踪。",
    ForbiddenDeleteTrail: ({ jobId }) =>
      `${jobId === undefined ? "有任务" : `任务 ${jobId} `}正在投递此跟踪的历史事件。请等待其结束或取消该任务，然后再删除跟踪。`,
    InvalidPrefixException: () => "OSS 前缀不可用：应为 6 到 32 个字母、数字、-、/ 或 _，以字母开头。请修改，或留空。",
    CreateLogStoreError: () => "无法为此跟踪创建日志库：日志库以跟踪命名，必须以字母或数字结尾。请更换名称。",
    InvalidDeliveryConfigurationException: () => "跟踪没有可以投递的目标。请选择日志服务项目或 OSS 存储空间。",
    SlsProjectDoesNotExistException: () => "此账号中没有这个日志项目。请选择其他项目，或请管理员添加。",
    TrailNotValid: ({ why }) =>
      why === undefined ? "无法重新投递此跟踪的历史事件。请选择其他跟踪。" : WHY["zh-CN"][why],
    InvalidParameterValue: ({ field }) => `${field ?? "某个字段"}的值不可用。请修改后重试。`,
    InvalidParameterCombination: ({ field, jobId }) =>
      field === "trailName"
        ? `任务 ${jobId} 投递的是另一个跟踪的历史事件。请从该任务的页面补发缺失的事件。`
        : "时间范围的结束早于开始。请选择晚于开始的结束时间。",
    InvalidParameterStartTimeOutOfDate: () =>
      "时间范围的开始早于 90 天前，而历史事件只保留 90 天。请选择更晚的开始时间。",
    MaximumNumberOfDeliveryHistoryJobsExceededException: ({ jobId }) =>
      jobId === undefined
        ? "此账号中有另一个任务正在投递。请等待其结束后重试。"
        : `任务 ${jobId} 正在此账号中投递。请查看该任务，或等待其结束。`,
    InvalidEvents: () => "无法接收这些事件。每次最多发送 1,000 个事件、4 MB。",
    InvalidNextToken: () => "无法从此处继续读取列表。请从头重新读取。",
    DeliveryHistoryJobNotFound: ({ why }) =>
      why === undefined ? "此账号中没有这个任务。请返回投递任务页面。" : WHY["zh-CN"][why],
    IncorrectDeliveryHistoryJobStatus: ({ why }) =>
      why === undefined ? "任务的当前状态不允许此操作。请先查看该任务。" : WHY["zh-CN"][why],
    MembershipAlreadyExists: () => "此人已在账号中。请改为更改其角色。",
    MemberNotFound: () => "此账号中已没有该成员。请重新加载页面。",
    LastAdmin: () => "这是账号的最后一位管理员。请先让其他人成为管理员。",
    PersonOfOtherAccounts: () =>
      "该成员还属于您不是管理员的账号，此操作会一并打开那些账号。请让其通过邮件重置密码，或联系运维人员。",
    InvitationNotFound: () => "此邀请已过期、已使用或已撤回。请向账号管理员索取新的邀请。",
    PasswordResetNotFound: () => "此链接已过期或已使用。请索取新的链接。",
    PasswordRefused: ({ why }) => WHY["zh-CN"][why ?? "password-length"],
    PasswordMismatch: () => "这不是您当前的密码。请检查后重试。",
    IdentityNotConfirmed: () => "这既不是您的密码，也不是当前可用的验证码。请检查后重试。",
    ReauthenticationRequired: () => "请先用密码或身份验证器的验证码确认是您本人。",
    SecondFactorRequired: () =>
      "此系统要求第二重验证，而您尚未设置身份验证器应用。未执行任何操作：请重新加载此页面以前往设置。",
    OwnSecondFactorRequired: () => "此系统要求第二重验证，因此您不能移除自己的身份验证器。如已丢失，请联系其他管理员。",
    SessionNotFound: () => "此会话已经结束。",
    AccessKeyNotFound: () => "此账号中已没有这个访问密钥。请重新加载页面。",
    AccessKeyRotated: () => "该客户端已有两个密钥。请在旧密钥不再使用后删除它，然后再轮换。",
    AccessKeyPolicyUnreadable: () => "无法读取此密钥的权限策略。请先保存另一个策略，然后再轮换。",
    TooManyTries: () => "尝试次数过多。请等待几分钟后重试。",
    AccountNotFound: () => "这里没有该账号，或者您不属于该账号。",
    AccountSwitched: () => "您已在另一个标签页中切换到其他账号。未执行任何操作：请重新加载此页面以在该账号中继续。",
    ServiceUnavailable: ({ why }) =>
      why === undefined ? "同时到来的请求过多。请稍后重试：同一令牌不会启动第二个任务。" : WHY["zh-CN"][why],
    LogProjectAlreadyExists: () => "此账号中已有相同地域和名称的日志项目。请编辑该项目，或更换名称。",
    LogProjectInUse: ({ jobId, trailNames = [] }) =>
      jobId === undefined
        ? `跟踪 ${trailNames.join("、")} 正投递到此日志项目。请先更改其投递目标或删除这些跟踪。`
        : `任务 ${jobId} 正在投递到此日志项目。请等待其结束，或先取消它。`,
    LogProjectBuiltIn: () => "此日志项目属于内置日志服务，其日志和密钥由内置日志服务保管，不能在此编辑或删除。",
    LogProjectKeyRequired: () =>
      "已保存的密钥属于另一个 Endpoint 或另一个密钥 ID，不会发送到那里。请输入与之对应的密钥。",
    LogProjectKeyUnreadable: () =>
      "无法读取此日志项目已保存的密钥：密钥被更改，或 BACKTRAIL_SECRET 与保存时不同。请编辑该项目并重新输入密钥。",
    ConnectionTestRunning: () => "此日志项目正在测试。请等待结果（最多一分钟）后再测试。",
  },
};

export const errorWords = defineWords({
  en: () => ({
    refusals: REFUSALS.en,
    sessionEnded: "Your session has ended. Sign in again, then try once more.",
    fault: (reference: string) => `Something failed on our side. It is logged under the reference ${reference}.`,
  }),
  "zh-CN": () => ({
    refusals: REFUSALS["zh-CN"],
    sessionEnded: "您的会话已结束。请重新登录，然后再试一次。",
    fault: (reference: string) => `我们这边出了问题，已记录在日志中，编号为 ${reference}。`,
  }),
});
