import { metaHelper, type TableFeatures, tableFeatures } from "@tanstack/react-table";

/** How a column of a list looks, whatever is listed. Its name is its `header`, a text. */
export type ColumnLook = {
  /** What stands in for a value that is on its way: a line for each text, as wide as its classes say. */
  readonly skeleton: readonly string[];
  /** Classes of its head and its cells alike: on which side they stand, and on what screens. */
  readonly className?: string;
  /** Classes of its head alone, which makes the column as wide as it is. */
  readonly headClassName?: string;
  readonly cellClassName?: string;
  /** Its values tell what they are: where there is no room for columns they stand without its name. */
  readonly isTitle?: boolean;
  /** Its head is for who does not see the column. */
  readonly isHeadHidden?: boolean;
};

export type ListFeatures = TableFeatures & { readonly columnMeta: ColumnLook };

/**
 * The features of a list whose rows the server filters and sorts. `Meta` is what all cells know beside their row, such as the time
 * it was read at: columns that closed over it would be other components each time, made anew with the focus in them.
 */
export function listFeatures<Meta extends object>() {
  return tableFeatures({ columnMeta: metaHelper<ColumnLook>(), tableMeta: metaHelper<Meta>() });
}

/** The look of a column; every column of a list has one. */
export function lookOf({ meta }: { meta?: unknown }): ColumnLook {
  // What TanStack Table derives for the features of any list is no type that can be read from.
  return meta as ColumnLook;
}
