// A model for measurements: a short answer at once, or a stream of 50 events, one each 20 ms. Argument: port.

import { createServer, type ServerResponse } from "node:http";
import { ANSWER } from "../answer.ts";

const EVENTS = 50;
const GAP_MS = 20;

function eventOf(content: string, usage: object | null): Buffer {
  const choices = usage === null ? [{ index: 0, delta: { content }, finish_reason: null }] : [];
  const chunk = { id: "chatcmpl-bench", object: "chat.completion.chunk", created: 1, model: "m", choices, usage };
  return Buffer.from(`data: ${JSON.stringify(chunk)}\n\n`);
}

const WORD = eventOf(" several words of an answer", null);
const END = Buffer.concat([
  eventOf("", { prompt_tokens: 58, completion_tokens: EVENTS, total_tokens: 58 + EVENTS }),
  Buffer.from("data: [DONE]\n\n"),
]);

function stream(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(WORD);
  let sent = 1;
  const timer = setInterval(() => {
    sent += 1;
    if (sent <= EVENTS) response.write(WORD);
    else response.end(END);
  }, GAP_MS);
  response.on("close", () => clearInterval(timer));
}

const server = createServer((incoming, response) => {
  let isStream = false;
  incoming.on("data", (chunk: Buffer) => {
    isStream ||= chunk.includes('"stream":true');
  });
  incoming.on("end", () => {
    if (isStream) stream(response);
    else response.writeHead(200, { "content-type": "application/json", "content-length": ANSWER.length }).end(ANSWER);
  });
});
server.listen(Number(process.argv[2] ?? 0), "127.0.0.1", 4_096, () => {
  const address = server.address();
  process.stdout.write(`${JSON.stringify({ port: typeof address === "object" ? address?.port : 0 })}\n`);
});

// Whoever started this holds standard input open: when that closes, this ends too.
process.stdin.on("end", () => process.exit(0)).resume();
