/** What every upstream answers to a call that is not streamed: a usual short chat completion of about 740 bytes. */
export const ANSWER = JSON.stringify({
  id: "chatcmpl-bench",
  object: "chat.completion",
  created: 1_700_000_000,
  model: "gpt-4o-mini",
  choices: [
    {
      index: 0,
      message: {
        role: "assistant",
        content: "A gateway takes calls at one address and passes them on. ".repeat(7).trim(),
      },
      finish_reason: "stop",
    },
  ],
  usage: { prompt_tokens: 58, completion_tokens: 84, total_tokens: 142 },
});
