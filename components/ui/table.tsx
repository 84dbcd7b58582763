import type { ComponentProps } from "react";
import { cn } from "./class-names.ts";

/** A table of hairlines that becomes a list of labelled facts on a narrow screen. */
export function Table({ className, ...rest }: ComponentProps<"table">) {
  return <table className={cn("w-full border-collapse max-lg:block", className)} {...rest} />;
}

export function TableHead({ className, ...rest }: ComponentProps<"thead">) {
  return <thead className={cn("max-lg:sr-only", className)} {...rest} />;
}

export function TableBody({ className, ...rest }: ComponentProps<"tbody">) {
  return <tbody className={cn("max-lg:block", className)} {...rest} />;
}

export function TableRow({ className, ...rest }: ComponentProps<"tr">) {
  return (
    <tr
      className={cn("border-b border-line last:border-b-0 max-lg:block max-lg:px-3.5 max-lg:py-2.5", className)}
      {...rest}
    />
  );
}

export function TableHeader({ className, ...rest }: ComponentProps<"th">) {
  return (
    <th
      scope="col"
      className={cn("border-b border-line px-3.5 py-2.5 text-left text-xs font-[550] text-ink-3", className)}
      {...rest}
    />
  );
}

type TableCellProps = ComponentProps<"td"> & {
  /** The column's name, shown beside the value where there is no room for columns. */
  label?: string;
};

export function TableCell({ className, label, ...rest }: TableCellProps) {
  return <td data-label={label} className={cn("fact-cell", className)} {...rest} />;
}
