import { defineWords } from "@/components/language/words.ts";

/** What can be done with a job: its controls, why one cannot be used, what each asks before it is carried out, and what came of it. */
export const jobControlWords = defineWords({
  en: ({ count, countOf }) => {
    const lossOf = (remaining: number) =>
      remaining === 0
        ? "Everything was tried already; what was delivered stays."
        : `${countOf(remaining, "event is", "events are")} not sent; what was delivered stays.`;
    return {
      controls: {
        pause: "Pause…",
        resume: "Resume…",
        limit: "Limit speed…",
        cancel: "Cancel job…",
        delete: "Delete job…",
        verify: "Verify again",
        redeliverMissing: "Redeliver only what is missing…",
        retry: "Retry…",
        retrySlices: (slices: number) => `Retry ${countOf(slices, "slice", "slices")}…`,
        downloadCsv: "Download report (CSV)",
        downloadJson: "Download report (JSON)",
        print: "Print",
      },
      asking: "Asking…",
      done: {
        pause: (id: number) => `Job ${id}: paused.`,
        pauses: (id: number) => `Job ${id}: is being paused. What is on the wire is still acknowledged.`,
        resume: (id: number) => `Job ${id}: resumed.`,
        retry: (id: number) => `Job ${id}: taken up again.`,
        verify: (id: number) => `Job ${id}: is compared with its logstore.`,
        cancel: (id: number) => `Job ${id}: cancelled.`,
        cancels: (id: number) => `Job ${id}: is being cancelled. What is on the wire is still acknowledged.`,
        delete: (id: number) => `Job ${id}: deleted. Its report stays.`,
        limit: (id: number) => `Job ${id}: speed limited.`,
        lift: (id: number) => `Job ${id}: limit lifted.`,
      },
      why: {
        notPermitted: "Viewers can't control jobs. Ask an operator or admin.",
        notOffered: "The job is not in a state in which this can be done.",
        ending: "Ending already.",
        endingWaits: (slices: number) =>
          `Ending already: waits for ${countOf(slices, "slice", "slices")} that a worker still holds.`,
        beingVerified: "Being verified now.",
        running: "Nothing to retry while it runs.",
        ended: "It has ended.",
        complete: "Everything was delivered.",
        deleted: "It was deleted; its report stays.",
        cancelled: "A cancelled job is not taken up again.",
        nothingLeft: "Nothing of it is left in history to send.",
        slotTaken: (id: number) => `Slot taken by job ${id}.`,
      },
      unanswered:
        "No answer came back, so it is not known whether this was done. Try again: doing it twice is the same as once.",
      openJob: (id: number) => `Open job ${id}`,
      close: "Close",

      confirmPause: {
        title: (id: number) => `Pause job ${id}?`,
        sentence: (hours: number) =>
          `No further batch is sent until it is resumed; it keeps the account's slot, and is cancelled when it stays paused for ${hours} hours.`,
        confirm: (id: number) => `Pause job ${id}`,
        confirming: "Pausing…",
        dismiss: "Let it go on",
      },
      confirmResume: {
        title: (id: number) => `Resume job ${id}?`,
        sentence: (remaining: number) =>
          `It goes on where it stopped and sends the ${countOf(remaining, "event that remains", "events that remain")}.`,
        confirm: (id: number) => `Resume job ${id}`,
        confirming: "Resuming…",
        dismiss: "Leave it paused",
      },
      confirmRetry: {
        title: (id: number) => `Retry job ${id}?`,
        sentence: (slices: number, remaining: number, undeliverable: number) =>
          `It takes the account's slot and sends again, of ${countOf(slices, "slice", "slices")}, ${countOf(remaining, "event", "events")} not sent and ${count(undeliverable)} undeliverable.`,
        confirm: (id: number) => `Retry job ${id}`,
        confirming: "Starting…",
        dismiss: "Leave it as it is",
      },
      confirmCancel: {
        title: (id: number) => `Cancel job ${id}?`,
        sentence: (remaining: number) => `${lossOf(remaining)} A cancelled job is not taken up again.`,
        confirm: (id: number) => `Cancel job ${id}`,
        confirming: "Cancelling…",
        dismiss: "Let it go on",
      },
      confirmDelete: {
        title: (id: number) => `Delete job ${id}?`,
        sentence:
          "The API shows it no more, and it cannot be taken up again. Its report and client token stay here, read-only.",
        cancels: "It is cancelled. ",
        sentenceRunning: (remaining: number) =>
          `${lossOf(remaining)} The API shows it no more, and it cannot be taken up again. Its report and client token stay here, read-only.`,
        confirm: (id: number) => `Delete job ${id}`,
        confirming: "Deleting…",
        dismiss: "Keep it",
      },

      limitTitle: (id: number) => `Limit the speed of job ${id}`,
      limitWhat: "It holds from the next batch on, for all workers together, until it is changed or lifted.",
      limitField: "Events per second, at most",
      limitHint: (rate: string) => `(${rate} on average so far)`,
      limitRefused: (max: number) => `A limit is a whole number from 1 to ${count(max)}.`,
      limitLift: "Lift the limit",
      limitLifting: "Lifting…",
      limitSet: "Set the limit",
      limitSetting: "Setting…",

      missingTitle: (id: number) => `Redeliver what job ${id} left missing?`,
      missingWhat: (slices: number) =>
        `A new job sends the ${countOf(slices, "slice", "slices")} again in which something is missing. What the logstore has already is counted as such, and not stored a second time.`,
      missingDismiss: "Cancel",
      missingWatch: (id: number) => `Watch job ${id}`,
      missingStart: (slices: number) => `Redeliver ${countOf(slices, "slice", "slices")}`,
      missingStarting: "Starting…",
      missingAgain: "Try again",
    };
  },
  "zh-CN": ({ count }) => {
    const lossOf = (remaining: number) =>
      remaining === 0
        ? "所有事件都已尝试投递；已投递的内容会保留。"
        : `${count(remaining)} 个事件不再投递；已投递的内容会保留。`;
    return {
      controls: {
        pause: "暂停…",
        resume: "继续…",
        limit: "限制速率…",
        cancel: "取消任务…",
        delete: "删除任务…",
        verify: "重新核对",
        redeliverMissing: "仅补发缺失的事件…",
        retry: "重试…",
        retrySlices: (slices: number) => `重试 ${count(slices)} 个分片…`,
        downloadCsv: "下载报告（CSV）",
        downloadJson: "下载报告（JSON）",
        print: "打印",
      },
      asking: "正在请求…",
      done: {
        pause: (id: number) => `任务 ${id}：已暂停。`,
        pauses: (id: number) => `任务 ${id}：正在暂停，在途批次仍会得到确认。`,
        resume: (id: number) => `任务 ${id}：已继续。`,
        retry: (id: number) => `任务 ${id}：已重新开始。`,
        verify: (id: number) => `任务 ${id}：正在与日志库核对。`,
        cancel: (id: number) => `任务 ${id}：已取消。`,
        cancels: (id: number) => `任务 ${id}：正在取消，在途批次仍会得到确认。`,
        delete: (id: number) => `任务 ${id}：已删除，报告会保留。`,
        limit: (id: number) => `任务 ${id}：已限制速率。`,
        lift: (id: number) => `任务 ${id}：已解除速率限制。`,
      },
      why: {
        notPermitted: "查看者不能控制任务。请联系操作员或管理员。",
        notOffered: "任务当前的状态不允许此操作。",
        ending: "正在结束。",
        endingWaits: (slices: number) => `正在结束：等待 ${count(slices)} 个仍由工作进程持有的分片。`,
        beingVerified: "正在核对。",
        running: "任务运行期间没有可重试的内容。",
        ended: "任务已结束。",
        complete: "所有事件都已投递。",
        deleted: "任务已删除，报告会保留。",
        cancelled: "已取消的任务不能继续。",
        nothingLeft: "历史中已没有可投递的剩余事件。",
        slotTaken: (id: number) => `任务槽被任务 ${id} 占用。`,
      },
      unanswered: "没有收到响应，无法确定操作是否完成。请重试：重复操作与操作一次的效果相同。",
      openJob: (id: number) => `打开任务 ${id}`,
      close: "关闭",

      confirmPause: {
        title: (id: number) => `暂停任务 ${id}？`,
        sentence: (hours: number) =>
          `在继续之前不再发送新的批次；任务仍占用账号的任务槽，暂停满 ${hours} 小时后会被取消。`,
        confirm: (id: number) => `暂停任务 ${id}`,
        confirming: "正在暂停…",
        dismiss: "让它继续",
      },
      confirmResume: {
        title: (id: number) => `继续任务 ${id}？`,
        sentence: (remaining: number) => `任务将从停止处继续，投递剩余的 ${count(remaining)} 个事件。`,
        confirm: (id: number) => `继续任务 ${id}`,
        confirming: "正在继续…",
        dismiss: "保持暂停",
      },
      confirmRetry: {
        title: (id: number) => `重试任务 ${id}？`,
        sentence: (slices: number, remaining: number, undeliverable: number) =>
          `任务将占用账号的任务槽，重新投递 ${count(slices)} 个分片中未投递的 ${count(remaining)} 个和无法投递的 ${count(undeliverable)} 个事件。`,
        confirm: (id: number) => `重试任务 ${id}`,
        confirming: "正在启动…",
        dismiss: "保持原样",
      },
      confirmCancel: {
        title: (id: number) => `取消任务 ${id}？`,
        sentence: (remaining: number) => `${lossOf(remaining)}已取消的任务不能继续。`,
        confirm: (id: number) => `取消任务 ${id}`,
        confirming: "正在取消…",
        dismiss: "让它继续",
      },
      confirmDelete: {
        title: (id: number) => `删除任务 ${id}？`,
        sentence: "API 将不再显示此任务，也不能再继续。报告和幂等令牌会以只读方式保留在这里。",
        cancels: "任务将被取消。",
        sentenceRunning: (remaining: number) =>
          `${lossOf(remaining)}API 将不再显示此任务，也不能再继续。报告和幂等令牌会以只读方式保留在这里。`,
        confirm: (id: number) => `删除任务 ${id}`,
        confirming: "正在删除…",
        dismiss: "保留",
      },

      limitTitle: (id: number) => `限制任务 ${id} 的速率`,
      limitWhat: "从下一个批次起对所有工作进程合计生效，直到更改或解除。",
      limitField: "每秒最多投递的事件数",
      limitHint: (rate: string) => `（目前平均 ${rate}）`,
      limitRefused: (max: number) => `速率上限须为 1 到 ${count(max)} 的整数。`,
      limitLift: "解除限制",
      limitLifting: "正在解除…",
      limitSet: "设置限制",
      limitSetting: "正在设置…",

      missingTitle: (id: number) => `补发任务 ${id} 缺失的事件？`,
      missingWhat: (slices: number) =>
        `新任务会重新投递存在缺失的 ${count(slices)} 个分片。日志库中已有的事件会如实计数，不会重复存储。`,
      missingDismiss: "取消",
      missingWatch: (id: number) => `查看任务 ${id}`,
      missingStart: (slices: number) => `重新投递 ${count(slices)} 个分片`,
      missingStarting: "正在启动…",
      missingAgain: "重试",
    };
  },
});

export type JobControlWords = ReturnType<(typeof jobControlWords)["en"]>;
