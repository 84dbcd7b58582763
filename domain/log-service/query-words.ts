// How texts are looked at where they are searched: the same for what is looked for and for where it is looked.

/** SLS's default delimiters, and the bar. */
const WORD_BREAKS = new Set(", '\";=()[]{}?@&<>/:\n\t\r|");

/** The words of a text, as SLS parts them. */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  let word = "";
  for (const sign of text) {
    if (!WORD_BREAKS.has(sign)) {
      word += sign;
    } else if (word !== "") {
      words.push(word);
      word = "";
    }
  }
  return word === "" ? words : [...words, word];
}

/** ASCII letters in lower case, as PostgreSQL's lower() does under the collation "C"; all others as they are. */
export function foldCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
