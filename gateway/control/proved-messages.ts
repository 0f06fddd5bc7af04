import { timingSafeEqual } from "node:crypto";
import { bytesHash, messageMac } from "#lib/contract/node-answer.ts";

const LF = 10;
const ID = Buffer.from("id: ");
const DATA = Buffer.from("data: ");
const COMMENT = 0x3a;

/** A message of a stream that the control plane did not write, or not for this place. */
export class UnprovedMessage extends Error {
  constructor() {
    super("The stream brought a message that is not this node's control plane's, or not in its place");
    this.name = "UnprovedMessage";
  }
}

/**
 * The messages of one stream: each is two lines, `id: <MAC>` and `data: <JSON>`, and its MAC is over the JSON and how many
 * came before it, so that none can be made up, changed, left out, repeated or taken from another stream.
 */
export class ProvedMessages {
  private readonly key: Buffer;
  private place = 0;

  constructor(key: Buffer) {
    this.key = key;
  }

  /** The JSON of an event, or null for a comment. Throws `UnprovedMessage`. */
  read(event: Buffer): string | null {
    if (event[0] === COMMENT || event.every((byte) => byte === LF)) return null;
    const end = event.indexOf(LF);
    const dataEnd = event.indexOf(LF, end + 1);
    const head = event.subarray(0, ID.length);
    const dataHead = event.subarray(end + 1, end + 1 + DATA.length);
    if (!head.equals(ID) || !dataHead.equals(DATA) || dataEnd === -1) throw new UnprovedMessage();
    const data = event.subarray(end + 1 + DATA.length, dataEnd);
    this.place += 1;
    const expected = Buffer.from(messageMac(this.key, this.place, bytesHash(data)));
    const claimed = event.subarray(ID.length, end);
    if (claimed.length !== expected.length || !timingSafeEqual(claimed, expected)) throw new UnprovedMessage();
    return data.toString();
  }
}
