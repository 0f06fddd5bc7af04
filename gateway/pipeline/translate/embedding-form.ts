import type { IncomingHttpHeaders } from "node:http";
import { parseJson } from "#gateway/dialects/json-fields.ts";
import type { AnswerForm, AnswerStream, WholeAnswer } from "../answer-form.ts";
import type { Call } from "../call.ts";
import { toldRefusal } from "./told-refusal.ts";
import type { TranslatedEmbedding } from "./translate-embedding.ts";

/** The longest answer that is gathered to be translated: some thousands of vectors. */
const WHOLE_BYTES_MAX = 64 * 1_024 * 1_024;

/** Embeddings in one dialect, the caller's in another. They never come as a stream. */
export class EmbeddingForm implements AnswerForm {
  readonly wholeBytesMax = WHOLE_BYTES_MAX;
  readonly canPassOn = false;
  readonly streamContentType = null;
  private readonly call: Call;
  private readonly embedding: TranslatedEmbedding;
  private readonly secret: string | null;

  constructor(call: Call, embedding: TranslatedEmbedding, secret: string | null) {
    this.call = call;
    this.embedding = embedding;
    this.secret = secret;
  }

  isStream(): boolean {
    return false;
  }

  addHeaders(into: string[], _upstreamHeaders: IncomingHttpHeaders, contentType: string | null): void {
    into.push("content-type", contentType ?? "application/json");
  }

  stream(): AnswerStream {
    throw new Error("Embeddings were taken for a stream");
  }

  whole(body: Buffer): WholeAnswer | null {
    const { caller, upstream, form } = this.embedding;
    const answer = upstream.readAnswer(parseJson(body.toString()));
    if (answer === null) return null;
    const text = JSON.stringify(caller.writeAnswer(answer, form, this.call.facts?.model ?? ""));
    return { body: Buffer.from(text), contentType: "application/json", usage: answer.usage, textBytes: 0 };
  }

  usageInTail(): null {
    return null;
  }

  refusal(status: number, body: Buffer): WholeAnswer {
    const said = this.embedding.upstream.readErrorMessage(parseJson(body.toString()));
    return toldRefusal(this.call, status, said, this.secret);
  }
}
