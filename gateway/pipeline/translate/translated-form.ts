import type { IncomingHttpHeaders } from "node:http";
import type { AnswerFacts, CallerDialect, UpstreamDialect } from "#gateway/dialects/dialect.ts";
import { parseJson } from "#gateway/dialects/json-fields.ts";
import type { AnswerForm, AnswerStream, WholeAnswer } from "../answer-form.ts";
import type { Call } from "../call.ts";
import { answerTextBytes } from "./answer-parts.ts";
import { toldRefusal } from "./told-refusal.ts";
import { TranslatedStream } from "./translated-stream.ts";

/** The longest whole answer that is gathered to be translated. */
const WHOLE_BYTES_MAX = 32 * 1_024 * 1_024;

/** An upstream's answer in one dialect, the caller's in another. */
export class TranslatedForm implements AnswerForm {
  readonly wholeBytesMax = WHOLE_BYTES_MAX;
  readonly canPassOn = false;
  readonly streamContentType: string;
  private readonly call: Call;
  private readonly caller: CallerDialect;
  private readonly upstream: UpstreamDialect;
  private readonly facts: AnswerFacts;
  private readonly isStreamed: boolean;
  private readonly secret: string | null;

  constructor(
    call: Call,
    dialects: { readonly caller: CallerDialect; readonly upstream: UpstreamDialect },
    facts: AnswerFacts,
    secret: string | null,
  ) {
    this.call = call;
    this.caller = dialects.caller;
    this.upstream = dialects.upstream;
    this.facts = facts;
    this.isStreamed = call.facts?.stream === true;
    this.streamContentType = facts.asJsonArray === true ? "application/json" : "text/event-stream; charset=utf-8";
    this.secret = secret;
  }

  /** What was asked for decides: a stream may come as events of more than one kind, or as a whole answer after all. */
  isStream(): boolean {
    return this.isStreamed;
  }

  addHeaders(into: string[], _upstreamHeaders: IncomingHttpHeaders, contentType: string | null): void {
    into.push("content-type", contentType ?? "application/json");
    if (contentType === this.streamContentType) into.push("cache-control", "no-cache");
  }

  stream(): AnswerStream {
    return new TranslatedStream({
      reader: this.upstream.streamReader(),
      writer: this.caller.streamWriter(this.facts),
      wholeAnswer: (body) => this.upstream.readAnswer(body),
      secret: this.secret,
    });
  }

  whole(body: Buffer): WholeAnswer | null {
    const answer = this.upstream.readAnswer(parseJson(body.toString()));
    if (answer === null) return null;
    const text = JSON.stringify(this.caller.writeAnswer(answer, this.facts));
    return {
      body: Buffer.from(text),
      contentType: "application/json",
      usage: answer.usage,
      textBytes: answerTextBytes(answer),
    };
  }

  usageInTail(): null {
    return null;
  }

  refusal(status: number, body: Buffer): WholeAnswer {
    const said = this.upstream.readErrorMessage(parseJson(body.toString()));
    return toldRefusal(this.call, status, said, this.secret);
  }
}
