// Runs in the page, before anything of it does. Plain JavaScript, because a page knows nothing of our loader.
{
  const seen = {
    lcpMs: 0,
    cls: 0,
    inpMs: 0,
    tasks: [],
    cells: 0,
    cellsPainted: 0,
    cellsPaintedAt: 0,
    names: 0,
    namesThereAt: 0,
  };
  Object.assign(window, { seen });
  const watch = (type, note, options = {}) => {
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true, ...options });
  };
  watch("largest-contentful-paint", (entry) => {
    seen.lcpMs = entry.startTime;
  });
  watch("layout-shift", (entry) => {
    seen.cls += entry.hadRecentInput ? 0 : entry.value;
  });
  watch(
    "event",
    (entry) => {
      if (entry.interactionId > 0) {
        seen.inpMs = Math.max(seen.inpMs, entry.duration);
      }
    },
    { durationThreshold: 16 },
  );
  watch("longtask", (entry) => {
    seen.tasks.push({ from: entry.startTime, to: entry.startTime + entry.duration });
  });
  // Cells are painted with the next frame, and the message that is sent in it is read once it has been.
  const afterFrame = new MessageChannel();
  afterFrame.port1.onmessage = ({ data }) => {
    seen.cellsPaintedAt = performance.now();
    seen.cellsPainted = data;
  };
  new MutationObserver(() => {
    // Each look's first path has the outline of all cells that look so.
    let cells = 0;
    for (const outline of document.querySelectorAll("div > svg > [data-look] > path:first-child")) {
      cells += outline.getAttribute("d").split("M").length - 1;
    }
    if (cells > seen.cells) {
      seen.cells = cells;
      requestAnimationFrame(() => afterFrame.port2.postMessage(cells));
    }
    const names = document.querySelectorAll('[role="gridcell"]').length;
    if (names > seen.names) {
      seen.namesThereAt = performance.now();
    }
    seen.names = names;
  }).observe(document, { childList: true, subtree: true });
}
