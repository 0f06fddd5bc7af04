import type { Handler } from "../handler.ts";

/** ANY /rest/…: a plain REST API that says what reached it; values of headers are not repeated. */
export const echo: Handler = (exchange, { bytes }) => {
  const { request, entry } = exchange;
  const query = new URL(request.url ?? "/", "http://localhost").searchParams;
  const answer = {
    demo: "This is the Turnpike demo upstream.",
    method: entry.method,
    path: entry.path,
    query: Object.fromEntries(query),
    headerNames: [...entry.headerNames],
    bodyBytes: bytes.length,
  };
  return exchange.answer(answer, { inputTokens: 0, outputTokens: 0 });
};
