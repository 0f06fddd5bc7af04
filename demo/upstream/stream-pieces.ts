import type { Generation, Piece } from "./generate.ts";
import { streamPieces } from "./generate.ts";

/** Wire text of one step of a stream and the tokens it generated. `frame` and `tail` carry no generated content. */
export interface WirePiece {
  wire: string | Buffer;
  tokens: number;
  part: "content" | "frame" | "tail";
}

const GARBAGE = Buffer.concat([
  Buffer.from('data: {"broken": \n\nevent: \u0000\ndata: [[[\n\n'),
  Buffer.from([0x64, 0x61, 0x74, 0x61, 0x3a, 0x20, 0xff, 0xfe, 0xc3, 0x28, 0x0a, 0x0a]),
]);

/** Puts broken events behind the first content piece. */
export function* withGarbage(pieces: Iterable<WirePiece>): Generator<WirePiece> {
  let isClean = true;
  for (const piece of pieces) {
    yield piece;
    if (isClean && piece.part === "content") {
      isClean = false;
      yield { wire: GARBAGE, tokens: 0, part: "frame" };
    }
  }
}

/** The stream of a generation in one dialect: opening events, one encoded step after the other, closing events. */
export function* encodeStream(
  generation: Generation,
  neverEnds: boolean,
  encoder: { head: string | Buffer; encode: (piece: Piece) => string | Buffer; tail: () => string | Buffer },
): Generator<WirePiece> {
  if (encoder.head !== "") yield { wire: encoder.head, tokens: 0, part: "frame" };
  for (const piece of streamPieces(generation, neverEnds)) {
    const part = piece.kind === "end" ? "frame" : "content";
    yield { wire: encoder.encode(piece), tokens: piece.tokens, part };
  }
  yield { wire: encoder.tail(), tokens: 0, part: "tail" };
}
