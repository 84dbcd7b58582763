import { stdout } from "node:process";

/**
 * Does one long step in view: its name at once, on a terminal with the seconds passing, and how long it took. A step
 * may say what it is at. One that is done within a moment leaves no line.
 */
export async function step<T>(name: string, work: (say: (detail: string) => void) => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const seconds = () => ((performance.now() - startedAt) / 1000).toFixed(1);
  let shown = name;
  const show = () => stdout.write(stdout.isTTY ? `\r\x1b[2K  ${shown} … ${seconds()} s` : `  ${shown} …\n`);
  // A moment passes first, so that a start with nothing to do prints nothing.
  let ticking: NodeJS.Timeout | undefined;
  const begin = setTimeout(() => {
    show();
    ticking = stdout.isTTY ? setInterval(show, 200) : undefined;
  }, 300);
  try {
    return await work((detail) => {
      shown = `${name}: ${detail}`;
    });
  } finally {
    clearTimeout(begin);
    clearInterval(ticking);
    if (stdout.isTTY && ticking !== undefined) {
      stdout.write(`\r\x1b[2K  ${name}: ${seconds()} s\n`);
    } else if (Number(seconds()) >= 1) {
      stdout.write(`  ${name}: ${seconds()} s\n`);
    }
  }
}
