"use client";

import { observeWindowOffset, useWindowVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useIsAlive } from "@/components/ui/use-is-alive.ts";

type VirtualRowsOptions<Data> = {
  rows: readonly Data[];
  /** The same function at each drawing. */
  idOf: (row: Data) => string;
  /** Of a row that has not been measured yet; pixels. */
  rowHeight: number;
  /** Rows drawn beyond the screen, so that none is missing while one scrolls or tabs on. */
  overscan: number;
};

/** As tall a screen as the server draws, which knows none. */
const FIRST_SCREEN = { width: 1_280, height: 1_000 };

/**
 * Which rows of a long list are to be drawn: those on the window's screen and some around, [first, end), and the room of the others. A drawn row
 * needs `data-index`, and its table's body the `ref`.
 */
export function useVirtualRows<Data>({ rows, idOf, rowHeight, overscan }: VirtualRowsOptions<Data>) {
  const body = useRef<HTMLTableSectionElement>(null);
  const scrollMargin = useOffset(body);
  // With another function than the last one all rows are laid out anew, thousands of them for each step of the wheel.
  const keyOf = useCallback(
    (index: number) => {
      const row = rows[index];
      return row === undefined ? index : idOf(row);
    },
    [rows, idOf],
  );
  const virtualizer = useWindowVirtualizer<HTMLTableRowElement>({
    count: rows.length,
    estimateSize: () => rowHeight,
    getItemKey: keyOf,
    overscan,
    scrollMargin,
    initialRect: FIRST_SCREEN,
    observeElementOffset: observeOffsetFromNow,
  });
  // The browser keeps its place by itself when rows above turn out higher; done twice, the page would run away under the pointer.
  virtualizer.shouldAdjustScrollPositionOnItemSizeChange = () => false;
  useRowHeights(body, keyOf, virtualizer.resizeItem);
  // Somebody may have scrolled before the page is alive, which the server's drawing knows nothing of.
  const isAlive = useIsAlive();
  const items = virtualizer.getVirtualItems();
  const extent = isAlive
    ? {
        first: items.at(0)?.index ?? 0,
        end: (items.at(-1)?.index ?? -1) + 1,
        before: (items.at(0)?.start ?? scrollMargin) - scrollMargin,
        after: virtualizer.getTotalSize() - ((items.at(-1)?.end ?? scrollMargin) - scrollMargin),
      }
    : extentOfFirstScreen(rows.length, rowHeight, overscan);
  return {
    body,
    ...extent,
    scrollToIndex: (index: number) => virtualizer.scrollToIndex(index),
  };
}

/**
 * The window's place, and how it moves, beginning with where it is by now. By itself the virtualizer goes by the place at its first drawing, and
 * takes the window back there when that drawing is on the page: whoever scrolls while a page comes alive would be thrown to its top.
 */
const observeOffsetFromNow: typeof observeWindowOffset = (virtualizer, tell) => {
  tell(window.scrollY, false);
  return observeWindowOffset(virtualizer, tell);
};

function extentOfFirstScreen(count: number, rowHeight: number, overscan: number) {
  const end = Math.min(count, Math.ceil(FIRST_SCREEN.height / rowHeight) + overscan);
  return { first: 0, end, before: 0, after: (count - end) * rowHeight };
}

type Key = string | number;

/**
 * Tells the heights of the drawn rows. Not by the virtualizer's own measuring, which looks at an element once for each row: one that has become
 * another row's, and is as high as before, would leave that one at the height that was guessed.
 */
function useRowHeights(
  body: RefObject<HTMLTableSectionElement | null>,
  keyOf: (index: number) => Key,
  tell: (index: number, height: number) => void,
): void {
  const watch = useRef<{ readonly observer: ResizeObserver; readonly keys: WeakMap<Element, Key> }>(null);
  useLayoutEffect(() => {
    const observer = new ResizeObserver((entries) => {
      for (const { target, borderBoxSize } of entries) {
        const index = indexOf(target);
        const [box] = borderBoxSize;
        // A row that has left, or is hidden while something on the page is waited for, has no height; taken for one of none, it would draw up the
        // list under who scrolls.
        if (index !== null && box !== undefined && box.blockSize > 0) {
          tell(index, Math.round(box.blockSize));
        }
      }
    });
    watch.current = { observer, keys: new WeakMap() };
    return () => observer.disconnect();
  }, [tell]);
  // At each drawing. Who is watched anew is told of at once.
  useLayoutEffect(() => {
    for (const row of body.current?.rows ?? []) {
      const index = indexOf(row);
      const key = index === null ? null : keyOf(index);
      if (key !== null && watch.current !== null && watch.current.keys.get(row) !== key) {
        watch.current.keys.set(row, key);
        watch.current.observer.unobserve(row);
        watch.current.observer.observe(row, { box: "border-box" });
      }
    }
  });
}

/** A row's place in its list; null for the room of rows that are not drawn. */
function indexOf(row: Element): number | null {
  const index = row.getAttribute("data-index");
  return index === null ? null : Number(index);
}

/** Where an element begins on the page; what stands above it may change its height. */
function useOffset(element: RefObject<HTMLElement | null>): number {
  const [offset, setOffset] = useState(0);
  useEffect(() => {
    const measure = () => {
      const box = element.current?.getClientRects()[0];
      // Hidden, it begins nowhere.
      setOffset((last) => (box === undefined ? last : Math.round(box.top + window.scrollY)));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [element]);
  return offset;
}

/** Keeps the room of rows that are not drawn. One cell: one that spans columns of which some are hidden would make these anew. */
export function RowSpace({ height }: { height: number }) {
  return height <= 0 ? null : (
    <tr aria-hidden className="max-lg:block">
      <td className="p-0 max-lg:block" style={{ height }} />
    </tr>
  );
}
