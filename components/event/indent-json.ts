const STEP = "  ";

/**
 * A JSON text with its lines broken and indented, every token as it stands: numbers keep their digits, strings their escapes, and a
 * name that occurs twice occurs twice. The text has to be valid JSON.
 */
export function indentJson(text: string): string {
  const lines: string[] = [];
  let depth = 0;
  const newLine = () => `\n${STEP.repeat(depth)}`;
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs) ?? [];
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    if (token === "{" || token === "[") {
      depth++;
      lines.push(token, next === "}" || next === "]" ? "" : newLine());
    } else if (token === "}" || token === "]") {
      depth--;
      const before = tokens[index - 1];
      lines.push(before === "{" || before === "[" ? "" : newLine(), token);
    } else if (token === ",") {
      lines.push(token, newLine());
    } else {
      lines.push(token === ":" ? ": " : token);
    }
  }
  return lines.join("");
}
