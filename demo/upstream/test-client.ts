import { type DemoUpstream, startDemoUpstream } from "./server.ts";

/** A demo upstream on a free port, and the few calls that tests repeat. Close it when done. */
export interface TestClient {
  upstream: DemoUpstream;
  post: (
    path: string,
    body: object | string,
    headers?: Record<string, string>,
    signal?: AbortSignal,
  ) => Promise<Response>;
  /** A chat call; `model` is "demo-small" unless the body says otherwise. */
  chat: (body: object, effect?: object, signal?: AbortSignal) => Promise<Response>;
}

export async function startTestClient(ledgerPath?: string): Promise<TestClient> {
  const place = { port: 0, host: "127.0.0.1" };
  const upstream = await startDemoUpstream(ledgerPath === undefined ? place : { ...place, ledgerPath });
  const post: TestClient["post"] = (path, body, headers = {}, signal) =>
    fetch(`${upstream.url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer test-key", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
      ...(signal === undefined ? {} : { signal }),
    });
  const chat: TestClient["chat"] = (body, effect, signal) => {
    const messages = [{ role: "user", content: "Please write 50 words about gateways." }];
    const headers: Record<string, string> = effect === undefined ? {} : { "x-demo-fault": JSON.stringify(effect) };
    return post("/v1/chat/completions", { model: "demo-small", messages, ...body }, headers, signal);
  };
  return { upstream, post, chat };
}

/** The JSON payloads of an SSE text, without `[DONE]`. */
export function sseData(text: string): unknown[] {
  const lines = text.split(/\r?\n/).filter((line) => line.startsWith("data: ") && line !== "data: [DONE]");
  return lines.map((line) => JSON.parse(line.slice("data: ".length)));
}
