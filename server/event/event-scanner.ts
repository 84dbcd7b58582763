import "server-only";
import { isUtf8 } from "node:buffer";
import { EVENT_BODY_BYTES_MAX, EVENT_TEXT_REFUSALS } from "@/domain/event/event.ts";

/** A JSON object as it stands in the input, braces included, or a place where there should have been one. */
export type ScannedEvent =
  | { readonly kind: "event"; readonly line: number; readonly text: string }
  | { readonly kind: "refused"; readonly line: number; readonly reason: string };

/** A place inside an open object where the next event may have begun; `offset` counts from the object's brace. */
type Restart = { readonly offset: number; readonly line: number; readonly indent: number };

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const LIST_START = 0x5b;
const BACKSLASH = 0x5c;
const LIST_END = 0x5d;
const OBJECT_START = 0x7b;
const OBJECT_END = 0x7d;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}

/** What JSON's grammar allows next inside an object. Numbers, because they are compared for every byte. */
const EXPECT_KEY_OR_END = 0;
const EXPECT_KEY = 1;
const EXPECT_COLON = 2;
const EXPECT_VALUE = 3;
const EXPECT_VALUE_OR_END = 4;
const EXPECT_COMMA_OR_END = 5;

/**
 * Finds JSON objects in bytes that come in pieces: one a line, in a list, or behind one another in any layout. Byte order
 * mark, blank lines, and the brackets and commas of a list are passed over. Lines are counted from 1; an object has the
 * line of its brace.
 *
 * Only the grammar of brackets, commas and colons is checked, as far as it takes to know where an object ends; whether it
 * is JSON throughout is for the parser to say. Valid input of any layout is cut correctly. What is broken costs no more
 * than itself where that can be told: a line that breaks off does not take the next one with it, nor an element of a list
 * its neighbours. No more than one event's greatest size and one piece are ever held.
 */
export class EventScanner {
  #found: ScannedEvent[] = [];
  #buffer: Buffer = Buffer.alloc(0);
  #position = 0;
  #line = 1;
  /** Spaces at the beginning of the line, and whether nothing else has come in it yet. */
  #indent = 0;
  #isLeading = true;
  #byteOrderMarkSeen = 0;

  /**
   * between: outside any object. rubbish: in something else that has been refused. object: inside an object. skipping:
   * inside an object that has been refused.
   */
  #mode: "between" | "rubbish" | "object" | "skipping" = "between";
  #isInList = false;
  #refusedLine = 0;

  #start = 0;
  #startLine = 0;
  #startIndent = 0;
  #restarts: Restart[] = [];
  /** The open brackets of the object; while skipping, only how many there are. */
  #open: number[] = [];
  #depth = 0;
  #expect = EXPECT_KEY_OR_END;
  #isInString = false;
  #isEscaped = false;
  #isInScalar = false;

  /** What the next piece of the input completes. */
  push(piece: Uint8Array): ScannedEvent[] {
    const kept = this.#mode === "object" ? this.#buffer.subarray(this.#start) : this.#buffer.subarray(0, 0);
    this.#buffer = Buffer.concat([kept, piece]);
    this.#position = kept.length;
    this.#start = 0;
    this.#scan();
    if (this.#mode === "object" && this.#position - this.#start > EVENT_BODY_BYTES_MAX) {
      this.#refuse(this.#startLine, EVENT_TEXT_REFUSALS.tooLarge);
      this.#skipObject();
    }
    return this.#takeFound();
  }

  /** What the end of the input leaves incomplete. */
  end(): ScannedEvent[] {
    while (this.#mode === "object") {
      this.#giveUpObject();
      this.#scan();
    }
    return this.#takeFound();
  }

  #takeFound(): ScannedEvent[] {
    const found = this.#found;
    this.#found = [];
    return found;
  }

  #scan(): void {
    while (this.#position < this.#buffer.length) {
      switch (this.#mode) {
        case "between":
          this.#scanBetween();
          break;
        case "rubbish":
          this.#scanRubbish();
          break;
        case "object":
          this.#scanObject();
          break;
        case "skipping":
          this.#scanSkipped();
          break;
      }
    }
  }

  #scanBetween(): void {
    for (; this.#position < this.#buffer.length; this.#position++) {
      const byte = this.#buffer[this.#position] ?? 0;
      if (byte === OBJECT_START) {
        this.#beginObject();
        return;
      }
      if (byte === NEWLINE || isSpace(byte)) {
        this.#passSpace(byte);
      } else if (byte === LIST_START || byte === LIST_END || byte === COMMA) {
        this.#isInList = byte === LIST_START || (this.#isInList && byte === COMMA);
        this.#isLeading = false;
      } else if (!this.#isByteOrderMark(byte)) {
        this.#beginRubbish();
        return;
      }
    }
  }

  /** Whether this byte continues a byte order mark at the very beginning of the input. */
  #isByteOrderMark(byte: number): boolean {
    const isAtBeginning = this.#line === 1 && this.#isLeading && this.#indent === 0;
    return isAtBeginning && byte === BYTE_ORDER_MARK[this.#byteOrderMarkSeen++];
  }

  #beginRubbish(): void {
    // Outside a list a line is refused once, however many things it holds.
    if (this.#isInList || this.#refusedLine !== this.#line) {
      this.#refuse(this.#line, EVENT_TEXT_REFUSALS.notAnObject);
    }
    this.#mode = "rubbish";
    this.#isInString = false;
    this.#isEscaped = false;
    this.#isLeading = false;
  }

  /** Ends with the line, in a list already with the element. */
  #scanRubbish(): void {
    for (; this.#position < this.#buffer.length; this.#position++) {
      const byte = this.#buffer[this.#position] ?? 0;
      const endsElement = this.#isInList && !this.#isInString && (byte === COMMA || byte === LIST_END);
      if (byte === NEWLINE || endsElement) {
        this.#mode = "between";
        return;
      }
      if (this.#isEscaped) {
        this.#isEscaped = false;
      } else if (byte === BACKSLASH) {
        this.#isEscaped = this.#isInString;
      } else if (byte === QUOTE) {
        this.#isInString = !this.#isInString;
      }
    }
  }

  #beginObject(): void {
    this.#mode = "object";
    this.#start = this.#position;
    this.#startLine = this.#line;
    this.#startIndent = this.#indent;
    this.#restarts = [];
    this.#open = [OBJECT_START];
    this.#expect = EXPECT_KEY_OR_END;
    this.#isInString = false;
    this.#isEscaped = false;
    this.#isInScalar = false;
    this.#isLeading = false;
    this.#position++;
  }

  #scanObject(): void {
    while (this.#position < this.#buffer.length) {
      if (this.#isInString && !this.#passString()) {
        if (this.#position < this.#buffer.length) {
          // A string never contains a newline: this one was broken off.
          this.#giveUpObject();
        }
        return;
      }
      const byte = this.#buffer[this.#position];
      if (byte === undefined) {
        return;
      }
      if (byte === NEWLINE || isSpace(byte)) {
        this.#isInScalar = false;
        this.#passSpace(byte);
        this.#position++;
        continue;
      }
      this.#noteRestart(byte);
      if (!this.#accept(byte)) {
        this.#giveUpObject();
        return;
      }
      this.#position++;
      if (this.#open.length === 0) {
        this.#endObject();
        return;
      }
    }
  }

  /** Takes one byte, neither space nor inside a string, if the grammar allows it here; changes nothing if not. */
  #accept(byte: number): boolean {
    const expect = this.#expect;
    const expectsValue = expect === EXPECT_VALUE || expect === EXPECT_VALUE_OR_END;
    switch (byte) {
      case QUOTE:
        if (!expectsValue && expect !== EXPECT_KEY && expect !== EXPECT_KEY_OR_END) {
          return false;
        }
        this.#isInString = true;
        this.#expect = expectsValue ? EXPECT_COMMA_OR_END : EXPECT_COLON;
        break;
      case COLON:
        if (expect !== EXPECT_COLON) {
          return false;
        }
        this.#expect = EXPECT_VALUE;
        break;
      case COMMA:
        if (expect !== EXPECT_COMMA_OR_END) {
          return false;
        }
        this.#expect = this.#open.at(-1) === OBJECT_START ? EXPECT_KEY : EXPECT_VALUE;
        break;
      case OBJECT_START:
      case LIST_START:
        if (!expectsValue) {
          return false;
        }
        this.#open.push(byte);
        this.#expect = byte === OBJECT_START ? EXPECT_KEY_OR_END : EXPECT_VALUE_OR_END;
        break;
      case OBJECT_END:
      case LIST_END:
        if (!this.#mayClose(byte)) {
          return false;
        }
        this.#open.pop();
        this.#expect = EXPECT_COMMA_OR_END;
        break;
      default:
        if (!expectsValue && !this.#isInScalar) {
          return false;
        }
        this.#isInScalar = true;
        this.#expect = EXPECT_COMMA_OR_END;
        return true;
    }
    this.#isInScalar = false;
    return true;
  }

  #mayClose(byte: number): boolean {
    return byte === OBJECT_END
      ? this.#open.at(-1) === OBJECT_START &&
          (this.#expect === EXPECT_COMMA_OR_END || this.#expect === EXPECT_KEY_OR_END)
      : this.#open.at(-1) === LIST_START &&
          (this.#expect === EXPECT_COMMA_OR_END || this.#expect === EXPECT_VALUE_OR_END);
  }

  /** Moves behind the string's closing quote; false when a newline or the end of the buffer comes first. */
  #passString(): boolean {
    const buffer = this.#buffer;
    let position = this.#position;
    let isEscaped = this.#isEscaped;
    for (; position < buffer.length; position++) {
      const byte = buffer[position];
      if (byte === NEWLINE) {
        break;
      }
      if (isEscaped) {
        isEscaped = false;
      } else if (byte === BACKSLASH) {
        isEscaped = true;
      } else if (byte === QUOTE) {
        this.#isInString = false;
        position++;
        break;
      }
    }
    this.#isEscaped = isEscaped;
    this.#position = position;
    return !this.#isInString;
  }

  #passSpace(byte: number): void {
    if (byte === NEWLINE) {
      this.#line++;
      this.#indent = 0;
      this.#isLeading = true;
    } else if (this.#isLeading) {
      this.#indent++;
    }
  }

  #noteRestart(byte: number): void {
    if (this.#looksLikeNextEvent(byte)) {
      this.#restarts.push({ offset: this.#position - this.#start, line: this.#line, indent: this.#indent });
    }
    this.#isLeading = false;
  }

  /** A brace that begins its line, no deeper than the line of the open object. In a valid object it may be a value. */
  #looksLikeNextEvent(byte: number): boolean {
    return byte === OBJECT_START && this.#isLeading && this.#indent <= this.#startIndent;
  }

  #endObject(): void {
    this.#mode = "between";
    const bytes = this.#buffer.subarray(this.#start, this.#position);
    if (bytes.length > EVENT_BODY_BYTES_MAX) {
      this.#refuse(this.#startLine, EVENT_TEXT_REFUSALS.tooLarge);
    } else if (!isUtf8(bytes)) {
      this.#refuse(this.#startLine, EVENT_TEXT_REFUSALS.notUnicode);
    } else {
      this.#found.push({ kind: "event", line: this.#startLine, text: bytes.toString("utf8") });
    }
  }

  /**
   * The open object cannot be completed at this position. `{"a":` that breaks off there has taken the next line for its
   * value, and only the line after that showed it: so scanning starts again at the last place before this position
   * where an event may have begun. What lies behind that place is scanned twice, never more often.
   */
  #giveUpObject(): void {
    this.#refuse(this.#startLine, EVENT_TEXT_REFUSALS.notAnObject);
    const given = this.#position - this.#start;
    const restart = this.#restarts.findLast(({ offset }) => offset < given) ?? this.#restarts.at(-1);
    if (restart === undefined) {
      this.#isInString = false;
      this.#skipObject();
      return;
    }
    for (const { offset, line } of this.#restarts) {
      if (offset < restart.offset) {
        this.#refuse(line, EVENT_TEXT_REFUSALS.notAnObject);
      }
    }
    this.#mode = "between";
    this.#position = this.#start + restart.offset;
    this.#line = restart.line;
    this.#indent = restart.indent;
    this.#isLeading = true;
  }

  #skipObject(): void {
    this.#mode = "skipping";
    this.#depth = this.#open.length;
    this.#open = [];
  }

  /** Ends with the object's last bracket, or where the next event seems to begin. */
  #scanSkipped(): void {
    while (this.#position < this.#buffer.length) {
      if (this.#isInString && !this.#passString() && this.#position === this.#buffer.length) {
        return;
      }
      this.#isInString = false;
      const byte = this.#buffer[this.#position];
      if (byte === undefined) {
        return;
      }
      if (this.#looksLikeNextEvent(byte)) {
        this.#mode = "between";
        return;
      }
      this.#position++;
      if (byte === NEWLINE || isSpace(byte)) {
        this.#passSpace(byte);
        continue;
      }
      this.#isLeading = false;
      if (byte === QUOTE) {
        this.#isInString = true;
        this.#isEscaped = false;
      } else if (byte === OBJECT_START || byte === LIST_START) {
        this.#depth++;
      } else if (byte === OBJECT_END || byte === LIST_END) {
        this.#depth--;
      }
      if (this.#depth <= 0) {
        this.#mode = "between";
        return;
      }
    }
  }

  #refuse(line: number, reason: string): void {
    this.#found.push({ kind: "refused", line, reason });
    this.#refusedLine = line;
  }
}
