// Loaded with --import before a process's main module: its clock is CLOCK_AHEAD_MS ahead of the machine's, or behind when that is
// negative. Timers and performance.now() run as always, as they do in a process whose machine has the wrong time.

const aheadMs = Number(process.env.CLOCK_AHEAD_MS);
const trueNow = Date.now;
const shiftedNow = () => trueNow() + aheadMs;

globalThis.Date = new Proxy(Date, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [shiftedNow()] : args, newTarget),
  apply: () => new Date(shiftedNow()).toString(),
  get: (target, name, receiver) => (name === "now" ? shiftedNow : Reflect.get(target, name, receiver)),
});
