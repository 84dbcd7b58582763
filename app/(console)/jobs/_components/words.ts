import { defineWords } from "@/components/language/words.ts";

/** The list of jobs. */
export const jobsWords = defineWords({
  en: ({ count }) => ({
    title: "Jobs",
    purpose: "Every redelivery of this account, newest first.",
    failed: "The jobs could not be read",
    noJobs: "No jobs yet",
    noJobsWhy:
      'A job sends the history of one trail again. Choose a trail and press "Redeliver history" to start the first.',
    goToTrails: "Go to trails",
    noJobsHere: "No jobs on this page",
    noJobsHereWhy: "The list ends before it.",
    goToNewest: "Go to the newest jobs",
    pages: "Pages of jobs",
    shown: (first: number, last: number, total: number) => `${count(first)} to ${count(last)} of ${count(total)} jobs`,
    newer: "Newer",
    older: "Older",
  }),
  "zh-CN": ({ count }) => ({
    title: "投递任务",
    purpose: "此账号的所有重新投递任务，最新的在前。",
    failed: "无法读取投递任务",
    noJobs: "还没有任务",
    noJobsWhy: "任务会重新投递一个跟踪的历史事件。选择一个跟踪，点击“重新投递历史事件”即可开始第一个任务。",
    goToTrails: "前往跟踪",
    noJobsHere: "此页没有任务",
    noJobsHereWhy: "列表在此之前已结束。",
    goToNewest: "前往最新的任务",
    pages: "任务分页",
    shown: (first: number, last: number, total: number) =>
      `第 ${count(first)}–${count(last)} 个，共 ${count(total)} 个任务`,
    newer: "较新",
    older: "较早",
  }),
});
