/** An instant as the vendor writes it: UTC, whole seconds. */
export function vendorTime(instant: Date | string): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}
