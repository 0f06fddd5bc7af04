/** What replaying recorded calls cannot know. Shown with every result. */
export const NOT_SIMULATED: readonly string[] = [
  "The health of upstreams: every upstream answers, as long and with as many tokens as the recorded one did, and nothing is tried twice.",
  "New cache hits: what came from the cache then comes from it again where the version still has a cache; nothing else does.",
  "Several nodes: limits are counted once over all nodes, and stand at zero at the beginning of the window.",
  "Calls that are refused now and would be served: how long they would run and what they would be answered. Of tokens they count what they send; their cost is an estimate apart.",
  "What callers would do: nobody tries again, slows down, or moves to another version.",
  "Guardrails on texts, and guard servers: prompts and answers are not kept. Parameters are known by the names that are recorded.",
  "Paths and methods of REST routes, which are not kept: they are allowed or refused as they were.",
  "Callers without a known key, and refusals beyond what nodes record of one consumer each second.",
  "Consumers and keys as they were: they are taken with the plan, suspension and routes they have now.",
];
