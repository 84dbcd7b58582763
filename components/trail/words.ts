import { defineWords } from "@/components/language/words.ts";
import type { TrailNotValidReason } from "@/domain/errors.ts";
import type { TrailEventRW, TrailStatus } from "@/domain/trail/trail.ts";

/** What trails are called wherever they are shown. */
export const trailWords = defineWords({
  en: ({ count }) => ({
    eventRW: {
      All: "All events",
      Read: "Read events",
      Write: "Write events",
    } satisfies Record<TrailEventRW, string> as Record<TrailEventRW, string>,
    status: {
      Enable: "Enabled",
      Disable: "Stopped",
      Fresh: "Never enabled",
    } satisfies Record<TrailStatus, string> as Record<TrailStatus, string>,
    allRegions: "All regions",
    /** Inside a sentence. */
    ofAllRegions: "all regions",
    /** Between the names of regions. */
    comma: ",",
    /** Why a trail's history can't be redelivered, short enough to stand beside the disabled button. */
    notRedeliverable: {
      "organization-trail": "Organization trail. Redelivery works for single-account trails.",
      "no-sls-destination": "Delivers to no Log Service project. Redelivery needs one.",
      "never-took-effect": "This trail was never enabled.",
      "took-effect-before-history": "This trail took effect before history begins.",
      "no-log-project": "Its log project is not known here.",
    } satisfies Record<TrailNotValidReason, string> as Record<TrailNotValidReason, string>,
    neverRedelivered: "Never redelivered",
    job: (id: number) => `Job ${id}`,
    undeliverable: (events: number) => `: ${count(events)} undeliverable`,
  }),
  "zh-CN": ({ count }) => ({
    eventRW: { All: "全部事件", Read: "读事件", Write: "写事件" },
    status: { Enable: "已启用", Disable: "已停止", Fresh: "从未启用" },
    allRegions: "全部地域",
    ofAllRegions: "全部地域",
    comma: "、",
    notRedeliverable: {
      "organization-trail": "组织跟踪。只有单账号跟踪可以重新投递。",
      "no-sls-destination": "没有投递到日志服务项目，无法重新投递。",
      "never-took-effect": "此跟踪从未启用。",
      "took-effect-before-history": "此跟踪在历史开始之前就已生效。",
      "no-log-project": "此处不认识它的日志项目。",
    },
    neverRedelivered: "从未重新投递",
    job: (id: number) => `任务 ${id}`,
    undeliverable: (events: number) => `：${count(events)} 个无法投递`,
  }),
});
