/** A parameter's name and value. */
export type Parameter = readonly [name: string, value: string];

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const PLUS = 0x2b;
const SPACE = 0x20;
const PERCENT = 0x25;

/**
 * The parameters of a query or a form, in their order, or null when it is not well formed: a percent sign without two hexadecimal
 * digits, or bytes that are no UTF-8. Nothing is guessed or replaced, because what is signed must be what is understood.
 */
export function decodeForm(form: Uint8Array): Parameter[] | null {
  const parameters: Parameter[] = [];
  for (const pair of Buffer.from(form).toString("latin1").split("&")) {
    if (pair === "") {
      continue;
    }
    const equals = pair.indexOf("=");
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = decode(equals < 0 ? "" : pair.slice(equals + 1));
    if (name === null || value === null) {
      return null;
    }
    parameters.push([name, value]);
  }
  return parameters;
}

/** RFC 3986 on UTF-8: all but letters, digits and `-_.~`, in upper-case hexadecimal digits. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Sorted by name, encoded, joined: how both signatures write parameters. */
export function canonicalQuery(parameters: readonly Parameter[]): string {
  return parameters
    .toSorted(([one], [other]) => Number(one > other) - Number(one < other))
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join("&");
}

/** @param encoded one character for each byte */
function decode(encoded: string): string | null {
  const bytes: number[] = [];
  for (let at = 0; at < encoded.length; at++) {
    const byte = encoded.charCodeAt(at);
    if (byte === PERCENT) {
      const digits = encoded.slice(at + 1, at + 3);
      if (!/^[0-9a-fA-F]{2}$/.test(digits)) {
        return null;
      }
      bytes.push(Number.parseInt(digits, 16));
      at += 2;
    } else {
      bytes.push(byte === PLUS ? SPACE : byte);
    }
  }
  try {
    return strictUtf8.decode(Uint8Array.from(bytes));
  } catch {
    return null;
  }
}
