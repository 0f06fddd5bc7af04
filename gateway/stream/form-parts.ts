import { BodyProblem } from "./body-fields.ts";

/** Parts a form may have, and bytes of one part's headers. */
const PARTS_MAX = 128;
const HEADER_BYTES_MAX = 2_048;

/** One part of a form. The span is that of its content. */
export interface FormPart {
  readonly name: string;
  /** It names a file, whatever is in it. */
  readonly isFile: boolean;
  /** It says that its content is encoded, which RFC 7578 forbids and some readers undo. */
  readonly isEncoded: boolean;
  readonly start: number;
  readonly end: number;
}

const CRLF = Buffer.from("\r\n");
const HEADERS_END = Buffer.from("\r\n\r\n");
/** RFC 2046 5.1.1: the characters of a boundary, which does not end in a space. */
const BOUNDARY = /^[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]$/;
const MEDIA_TYPE = /^multipart\/form-data[ \t]*(?=;)/i;
/** One parameter of a header: a token, then a token or a quoted string. */
const PARAMETER = /;[ \t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)=(?:"((?:[^"\\\r\n\0]|\\[^\r\n\0])*)"|([^\s";,\0]+))[ \t]*/y;
const HEADER_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n\0]*)$/;
const DISPOSITION = /^form-data[ \t]*(?=;)/i;

const BAD_TYPE = new BodyProblem("Send the body as multipart/form-data with one boundary.");
const BAD_FORM = new BodyProblem("The body is not a well-formed multipart/form-data body.");
const TOO_MANY = new BodyProblem(`The form has more than ${PARTS_MAX} parts.`);

/** The parameters of a header's value from `at` on; null where they are not well-formed or one is there twice. */
function parametersOf(value: string, at: number): ReadonlyMap<string, string> | null {
  const found = new Map<string, string>();
  for (let from = at; from < value.length; ) {
    PARAMETER.lastIndex = from;
    const match = PARAMETER.exec(value);
    if (match === null) return null;
    const name = (match[1] ?? "").toLowerCase();
    if (found.has(name)) return null;
    found.set(name, match[2] === undefined ? (match[3] ?? "") : match[2].replaceAll(/\\(.)/g, "$1"));
    from = PARAMETER.lastIndex;
  }
  return found;
}

function boundaryOf(contentType: string): string | null {
  const type = MEDIA_TYPE.exec(contentType);
  if (type === null) return null;
  const boundary = parametersOf(contentType, type[0].length)?.get("boundary");
  return boundary !== undefined && BOUNDARY.test(boundary) ? boundary : null;
}

/** What a part's headers say of it; null where they are not such as every reader reads alike. */
function readHeaders(text: string): Omit<FormPart, "start" | "end"> | null {
  let named: { name: string; isFile: boolean } | null = null;
  let isEncoded = false;
  for (const line of text.split("\r\n")) {
    const header = HEADER_LINE.exec(line);
    if (header === null) return null;
    const field = (header[1] ?? "").toLowerCase();
    const value = header[2] ?? "";
    if (field === "content-transfer-encoding") isEncoded = !/^(7bit|8bit|binary)$/i.test(value.trim());
    if (field !== "content-disposition") continue;
    const kind = DISPOSITION.exec(value);
    const parameters = kind === null ? null : parametersOf(value.trimEnd(), kind[0].length);
    const name = parameters?.get("name");
    if (named !== null || parameters === null || name === undefined || parameters.has("name*")) return null;
    named = { name, isFile: parameters.has("filename") || parameters.has("filename*") };
  }
  return named === null ? null : { ...named, isEncoded };
}

/** Walks the parts of one form between its delimiters. */
class PartsReader {
  private readonly body: Buffer;
  private readonly dashed: Buffer;
  private readonly parts: FormPart[] = [];
  private open: Omit<FormPart, "end"> | null = null;

  constructor(body: Buffer, boundary: string) {
    this.body = body;
    this.dashed = Buffer.from(`--${boundary}`, "latin1");
  }

  read(): readonly FormPart[] | BodyProblem {
    const { body, dashed } = this;
    // A preamble would be text that one reader skips and another does not.
    if (!body.subarray(0, dashed.length).equals(dashed)) return BAD_FORM;
    for (let at = 0; at !== -1; at = body.indexOf(dashed, at + 1)) {
      // In the middle of a line it is content; behind a bare line feed some readers take it for a delimiter.
      if (at > 0 && body[at - 1] !== 0x0a) continue;
      if (at > 0 && body[at - 2] !== 0x0d) return BAD_FORM;
      const result = this.delimiter(at);
      if (result !== null) return result;
    }
    return BAD_FORM;
  }

  /** Takes the delimiter at an offset. Null: on to the next. */
  private delimiter(at: number): readonly FormPart[] | BodyProblem | null {
    const { body, dashed, open } = this;
    const behind = at + dashed.length;
    if (open !== null) {
      if (at - 2 < open.start) return BAD_FORM;
      this.parts.push({ ...open, end: at - 2 });
    }
    if (body[behind] === 0x2d && body[behind + 1] === 0x2d) {
      const rest = body.toString("latin1", behind + 2, Math.min(body.length, behind + 8));
      return rest === "" || rest === "\r\n" ? this.parts : BAD_FORM;
    }
    if (this.parts.length >= PARTS_MAX) return TOO_MANY;
    if (!body.subarray(behind, behind + 2).equals(CRLF)) return BAD_FORM;
    const end = body.subarray(0, behind + 2 + HEADER_BYTES_MAX).indexOf(HEADERS_END, behind);
    const headers = end === -1 || end === behind ? null : readHeaders(body.toString("utf8", behind + 2, end));
    if (headers === null) return BAD_FORM;
    this.open = { ...headers, start: end + HEADERS_END.length };
    return null;
  }
}

/**
 * The parts of a `multipart/form-data` body (RFC 7578, RFC 2046), found without taking any apart: bounded in number and in
 * their headers, and only of a form that leaves no reader a choice.
 */
export function readParts(body: Buffer, contentType: string): readonly FormPart[] | BodyProblem {
  const boundary = boundaryOf(contentType);
  return boundary === null ? BAD_TYPE : new PartsReader(body, boundary).read();
}
