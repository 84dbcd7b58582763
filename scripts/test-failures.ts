/** What a failed test is headed with: Vitest's " FAIL  project file > title", Playwright's "  1) file:1:2 › title". */
const FAILURE_HEAD = /^\s*(?:FAIL\s{2}|\d+\) \S+\.spec\.ts:)/;

const FAILURE_LINES = 8;
const FAILURE_LINE_LENGTH_MAX = 300;

/**
 * Of what a runner printed, without colours: each failed test's name and the first words of its error, so that the end of a long log
 * says what failed and why.
 */
export function failuresIn(printed: string): string[] {
  const lines = printed.split("\n").filter((line) => line.trim() !== "");
  return lines.flatMap((line, index) =>
    FAILURE_HEAD.test(line)
      ? lines.slice(index, index + FAILURE_LINES).map((one) => one.trim().slice(0, FAILURE_LINE_LENGTH_MAX))
      : [],
  );
}
