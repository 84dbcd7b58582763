import { defineWords } from "@/components/language/words.ts";
import type { TrailFormFault } from "@/domain/trail/schema.ts";

type TrailFacts = {
  readonly name: string;
  readonly events: string;
  readonly regions: string;
  readonly destinations: string;
};

/** Creating, changing, starting, stopping and deleting trails. */
export const manageWords = defineWords({
  en: ({ countOf }) => ({
    create: "Create trail",
    edit: "Edit",
    start: "Start",
    stop: "Stop…",
    remove: "Delete…",
    controls: "Controls of the trail",
    adminsOnly: "Admins create, change, start, stop and delete trails.",
    createTitle: "Create a trail",
    createWhy: "A trail selects events and names where they are delivered. It is off until you start it.",
    editTitle: (name: string) => `Edit ${name}`,
    editWhy: "Holds from now on. What was delivered stays where it is, and a running job goes on as it was started.",
    name: "Name",
    nameRule:
      "6 to 36 lowercase letters, digits, - and _, a letter first. It stays, and its logstore is named after it.",
    homeRegion: "Home region",
    homeRegionRule: (taken: number, max: number) =>
      `Where the trail belongs. It stays. At most ${max} trails each; ${countOf(taken, "is", "are")} here.`,
    regions: "Events of",
    regionsRule: "Also events of regions that are added later.",
    someRegionsRule: "Events of other regions are left out, today and later.",
    regionChoices: { all: "All regions", some: "Only these…" },
    whichRegions: "Regions",
    events: "Which events",
    eventsRule: 'Write events change something. Events that say neither are selected by "All events" only.',
    project: "Log Service project",
    projectRule: "It has to exist. Only a trail with one can have its history redelivered.",
    noProject: "None",
    builtIn: (name: string) => `${name} (built in)`,
    noProjects: "This account has no log project yet.",
    bucket: "OSS bucket",
    bucketRule: "Optional. 3 to 63 lowercase letters, digits and -. Whether it exists is not checked here.",
    prefix: "Key prefix",
    prefixRule: "Optional. 6 to 32 letters, digits, -, / and _, a letter first.",
    faults: {
      name: "6 to 36 lowercase letters, digits, - and _, and a letter first.",
      "logstore-name":
        "The logstore is named after the trail and has to end with a letter or a digit: end the name with one.",
      "no-region": "Choose at least one region, or all of them.",
      "no-destination": "A trail needs a destination: choose a log project or name an OSS bucket.",
      bucket: "3 to 63 lowercase letters, digits and -, with a letter or a digit first.",
      prefix: "6 to 32 letters, digits, -, / and _, with a letter first; or nothing.",
    } satisfies Record<TrailFormFault, string> as Record<TrailFormFault, string>,
    willCreate: ({ name, events, regions, destinations }: TrailFacts) =>
      `Creates ${name}, off until you start it: ${events} of ${regions}, to ${destinations}.`,
    willChange: ({ name, events, regions, destinations }: TrailFacts) =>
      `From now on ${name} selects ${events} of ${regions}, for ${destinations}.`,
    cancel: "Cancel",
    save: "Save changes",
    creating: "Creating…",
    saving: "Saving…",
    created: (name: string) => `${name} was created. It is off until you start it.`,
    saved: (name: string) => `${name} was changed.`,
    unanswered: "No answer came back, so it is not known whether this was done. Try again, or look at the trail first.",
    tryAgain: "Try again",
    questions: {
      start: {
        title: (name: string) => `Start ${name}?`,
        sentence: 'It takes effect from this moment, and a redelivery "until the trail took effect" then ends here.',
        confirm: "Start the trail",
        confirming: "Starting…",
        done: (name: string) => `${name} was started.`,
      },
      stop: {
        title: (name: string) => `Stop ${name}?`,
        sentence:
          "A stopped trail delivers nothing by itself. Events are recorded in history all the same, and can be redelivered, also while it is stopped.",
        confirm: "Stop the trail",
        confirming: "Stopping…",
        done: (name: string) => `${name} was stopped.`,
      },
      delete: {
        title: (name: string) => `Delete ${name}?`,
        sentence:
          "The trail goes for good. Its logstore with all logs, its jobs with their reports, and the recorded history stay.",
        confirm: "Delete the trail",
        confirming: "Deleting…",
        done: (name: string) => `${name} was deleted.`,
      },
    },
    typeName: (name: string) => `To delete it, type its name: ${name}`,
    nameDiffers: "The name is not typed yet.",
    keep: "Keep it",
    stoppedWhy:
      "Stopped: it delivers nothing by itself. Events are recorded in history all the same, and can be redelivered.",
    freshWhy: "Never enabled: it has delivered nothing by itself. Its history can be redelivered all the same.",
  }),
  "zh-CN": ({ count }) => ({
    create: "创建跟踪",
    edit: "编辑",
    start: "启用",
    stop: "停止…",
    remove: "删除…",
    controls: "跟踪的操作",
    adminsOnly: "只有管理员可以创建、修改、启动、停止和删除跟踪。",
    createTitle: "创建跟踪",
    createWhy: "跟踪选择事件并指定投递目标。创建后处于关闭状态，直到您启用它。",
    editTitle: (name: string) => `编辑 ${name}`,
    editWhy: "从现在起生效。已投递的内容保持不变，正在运行的任务按启动时的设置继续。",
    name: "名称",
    nameRule: "6 到 36 个小写字母、数字、- 或 _，以字母开头。创建后不能更改，日志库以它命名。",
    homeRegion: "主地域",
    homeRegionRule: (taken: number, max: number) =>
      `跟踪所属的地域，创建后不能更改。每个地域最多 ${count(max)} 个跟踪，此处已有 ${count(taken)} 个。`,
    regions: "事件地域",
    regionsRule: "也包括以后新增地域的事件。",
    someRegionsRule: "其他地域的事件现在和以后都不会选入。",
    regionChoices: { all: "全部地域", some: "仅以下地域…" },
    whichRegions: "地域",
    events: "事件类型",
    eventsRule: "写事件会更改资源。未注明读写类型的事件只有“全部事件”会选入。",
    project: "日志服务项目",
    projectRule: "项目必须已存在。只有投递到日志服务的跟踪才能重新投递历史事件。",
    noProject: "无",
    builtIn: (name: string) => `${name}（内置）`,
    noProjects: "此账号还没有日志项目。",
    bucket: "OSS 存储空间",
    bucketRule: "可选。3 到 63 个小写字母、数字或 -。此处不检查它是否存在。",
    prefix: "前缀",
    prefixRule: "可选。6 到 32 个字母、数字、-、/ 或 _，以字母开头。",
    faults: {
      name: "应为 6 到 36 个小写字母、数字、- 或 _，以字母开头。",
      "logstore-name": "日志库以跟踪命名，必须以字母或数字结尾：请让名称以字母或数字结尾。",
      "no-region": "请至少选择一个地域，或选择全部地域。",
      "no-destination": "跟踪需要投递目标：请选择日志项目，或填写 OSS 存储空间。",
      bucket: "应为 3 到 63 个小写字母、数字或 -，以字母或数字开头。",
      prefix: "应为 6 到 32 个字母、数字、-、/ 或 _，以字母开头；也可以留空。",
    },
    willCreate: ({ name, events, regions, destinations }: TrailFacts) =>
      `将创建 ${name}（启用前处于关闭状态）：选择${regions}的${events}，目标为 ${destinations}。`,
    willChange: ({ name, events, regions, destinations }: TrailFacts) =>
      `从现在起，${name} 选择${regions}的${events}，目标为 ${destinations}。`,
    cancel: "取消",
    save: "保存更改",
    creating: "正在创建…",
    saving: "正在保存…",
    created: (name: string) => `已创建 ${name}。启用之前它处于关闭状态。`,
    saved: (name: string) => `已更改 ${name}。`,
    unanswered: "没有收到响应，因此不知道操作是否已完成。请重试，或先查看该跟踪。",
    tryAgain: "重试",
    questions: {
      start: {
        title: (name: string) => `启用 ${name}？`,
        sentence: "它从此刻起生效，“跟踪生效之前”的重新投递也以此刻为界。",
        confirm: "启用跟踪",
        confirming: "正在启用…",
        done: (name: string) => `已启用 ${name}。`,
      },
      stop: {
        title: (name: string) => `停止 ${name}？`,
        sentence: "停止的跟踪不会自行投递。事件仍会记录到历史中，停止期间也可以重新投递。",
        confirm: "停止跟踪",
        confirming: "正在停止…",
        done: (name: string) => `已停止 ${name}。`,
      },
      delete: {
        title: (name: string) => `删除 ${name}？`,
        sentence: "跟踪将被永久删除。其日志库及所有日志、投递任务及报告，以及已记录的历史都会保留。",
        confirm: "删除跟踪",
        confirming: "正在删除…",
        done: (name: string) => `已删除 ${name}。`,
      },
    },
    typeName: (name: string) => `要删除它，请输入其名称：${name}`,
    nameDiffers: "尚未输入名称。",
    keep: "保留",
    stoppedWhy: "已停止：它不会自行投递。事件仍会记录到历史中，并且可以重新投递。",
    freshWhy: "从未启用：它没有自行投递过任何内容，但历史事件仍可以重新投递。",
  }),
});
