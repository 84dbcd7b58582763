/** Jobs on one page: as many as fit two screens, few enough to be read again every two seconds. */
export const JOBS_PAGE_SIZE = 25;

// Far beyond what anybody pages to, and still an offset that the database takes.
const PAGE_MAX = 1_000_000;

/** The page that an address names; anything but a whole number from 1 up means the first. */
export function pageNumberOf(text: string | string[] | null | undefined): number {
  const page = typeof text === "string" ? Number(text) : 1;
  return Number.isInteger(page) && page >= 1 && page <= PAGE_MAX ? page : 1;
}
