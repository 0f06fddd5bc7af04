import { request } from "node:http";

/** What came of one call. */
export interface Answer {
  status: number;
  /** Under which revision; 0 when that is not said. */
  revision: number;
  text: string;
  /** Why it was not whole, or null. */
  failure: string | null;
}

/** One call of the demo route on a connection of its own, as a caller meets a listener that is gone for a moment. */
export function chat(
  gatewayUrl: string,
  apiKey: string,
  body: object,
  more: Record<string, string> = {},
): Promise<Answer> {
  return new Promise((resolve) => {
    const answer: Answer = { status: 0, revision: 0, text: "", failure: null };
    const failed = (error: Error): void => resolve({ ...answer, failure: error.message });
    const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json", ...more };
    const outgoing = request(`${gatewayUrl}/v1/chat/completions`, { method: "POST", headers, agent: false });
    outgoing.on("error", failed);
    outgoing.on("response", (incoming) => {
      answer.status = incoming.statusCode ?? 0;
      answer.revision = Number(incoming.headers["x-turnpike-revision"] ?? 0);
      incoming.setEncoding("utf8");
      incoming.on("data", (text: string) => {
        answer.text += text;
      });
      incoming.on("error", failed);
      incoming.on("end", () => resolve(answer));
    });
    outgoing.end(JSON.stringify({ model: "demo", ...body }));
  });
}
