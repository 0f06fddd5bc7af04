const SYSTEM = { role: "system", content: "You answer in one short paragraph." };
const QUESTION =
  "Explain to a new colleague what an AI gateway does and why a company would put one between its applications and its models, please.";

function bodyOf(model: string, question: string, more: object = {}): string {
  const messages = [SYSTEM, { role: "user", content: question }];
  return JSON.stringify({ model, messages, temperature: 0.2, max_tokens: 256, ...more });
}

/** A short question, as most are: about 340 bytes. */
export const SHORT_CALL = bodyOf("bench-unary", QUESTION);
/** A prompt of 64 KB, as retrieval and agents send. */
export const LONG_CALL = bodyOf("bench-unary", `${QUESTION} ${"A paragraph that was found somewhere. ".repeat(1_720)}`);
export const STREAM_CALL = bodyOf("bench-stream", QUESTION, { stream: true });
