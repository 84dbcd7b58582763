/**
 * Calls once what is drawn now is on screen: what is set in a frame is drawn with it; behind it, it is not waited for.
 * @returns what keeps it from calling
 */
export function afterPaint(call: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const frame = requestAnimationFrame(() => {
    timer = setTimeout(call);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
