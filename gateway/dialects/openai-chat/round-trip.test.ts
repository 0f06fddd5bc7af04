import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyRequest, cut, partSequences } from "#gateway/testing/openai-arbitraries.ts";
import type { AnswerFacts, RequestFacts } from "../dialect.ts";
import type { StreamPart } from "../generation.ts";
import { isObject } from "../json-fields.ts";
import { openaiChatCaller, openaiChatUpstream } from "./dialect.ts";

const facts: AnswerFacts = { callId: "req_1", model: "smart", createdSeconds: 1, includeUsage: true };
const requestFacts: RequestFacts = { model: "m", from: "openai_chat", onNotCarried: "refuse", onDropped: () => {} };

describe("chat completions", () => {
  it("reads back the request that it wrote", () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const written: unknown = JSON.parse(JSON.stringify(openaiChatUpstream.writeRequest(request, requestFacts)));
        if (!isObject(written)) throw new Error("no body was written");
        expect(openaiChatCaller.readRequest(written, request.stream)).toEqual(request);
      }),
      { numRuns: 300 },
    );
  });

  it("reads back the stream that it wrote, wherever it is cut", () => {
    const sayable = partSequences({
      stops: ["stop", "length", "tool_calls", "content_filter"],
      choices: 2,
      hasReasoning: true,
      hasSignatures: true,
      hasTools: true,
      hasRefusal: true,
    });
    fc.assert(
      fc.property(sayable, fc.array(fc.nat(), { maxLength: 12 }), (parts, places) => {
        const out: string[] = [];
        const writer = openaiChatCaller.streamWriter(facts);
        writer.write(parts, out);
        writer.end(out);
        const reader = openaiChatUpstream.streamReader();
        const read: StreamPart[] = [];
        for (const piece of cut(Buffer.from(out.join("")), places)) reader.push(piece, read);
        reader.end(read);
        expect(read).toEqual(parts);
      }),
      { numRuns: 300 },
    );
  });

  it("never throws and never hangs on garbage, and says what it is", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 8 }), fc.json(), (chunks, json) => {
        const reader = openaiChatUpstream.streamReader();
        const read: StreamPart[] = [];
        for (const chunk of chunks) reader.push(Buffer.from(chunk), read);
        reader.push(Buffer.from(`\n\ndata: ${json}\n\n`), read);
        reader.end(read);
        expect(read.at(-1)?.kind).toBe("error");
        expect(read.filter((part) => part.kind === "error")).toHaveLength(1);
      }),
    );
  });

  it("never throws on any body", () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom("messages", "tools", "tool_choice", "response_format", "stop", "n"),
          fc.jsonValue(),
        ),
        (body) => {
          openaiChatCaller.readRequest(JSON.parse(JSON.stringify(body)), false);
          openaiChatUpstream.readAnswer(body);
          openaiChatUpstream.readErrorMessage(body);
        },
      ),
    );
  });
});
