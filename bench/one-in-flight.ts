import { Agent } from "undici";

// Loaded into a worker before its main module: lets it have one request on the wire at a time, whatever its slices would send. The product
// has no such setting; with one batch in flight a worker is as fast as its sink lets it, and a second one has something to add.

const { request } = Agent.prototype;
let last: Promise<unknown> = Promise.resolve();

Object.assign(Agent.prototype, {
  request(this: Agent, ...args: unknown[]): Promise<unknown> {
    const answer = last.then((): Promise<unknown> => Reflect.apply(request, this, args));
    last = answer.catch(() => undefined);
    return answer;
  },
});
