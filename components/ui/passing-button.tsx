"use client";

import { type ComponentProps, useLayoutEffect, useRef } from "react";
import { Button } from "./button.tsx";
import { focusBack } from "./focus-back.ts";

/**
 * A button that goes with what it takes away, such as a row. Where it had the focus, the title of its section has it then, which
 * has to be focusable.
 */
export function PassingButton(props: ComponentProps<typeof Button>) {
  const ref = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    const button = ref.current;
    const titleId = button?.closest("section[aria-labelledby]")?.getAttribute("aria-labelledby");
    return () => {
      // It is on the page still, and out of it once React has done all that belongs to this change.
      if (titleId && document.activeElement === button) {
        queueMicrotask(() => focusBack(button, [`#${titleId}`]));
      }
    };
  }, []);
  return <Button ref={ref} {...props} />;
}
