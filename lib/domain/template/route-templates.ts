import { at, count, place, routeName, target } from "./parameters.ts";
import { countOf, type PolicyTemplate, textOf } from "./template.ts";

const spreadLoad: PolicyTemplate = {
  name: "spread-load",
  title: "Spread the load",
  summary:
    "A route over two targets that sends each call to the one that answers fastest now, and tries the other when one fails.",
  category: "balancing",
  limits: "Each node measures by itself.",
  parameters: [routeName("spread"), ...target("A", "first"), ...target("B", "second")],
  make: (given) => ({
    plans: [],
    routes: [
      {
        route: {
          name: textOf(given, "routeName"),
          description: "Spread over two targets by how fast they answer.",
          strategy: "lowest_latency",
          targets: [at(given, "A"), at(given, "B")],
          retry: { attempts: 2 },
        },
      },
    ],
  }),
  words: (given, upstream) => [
    `Route “${textOf(given, "routeName")}” sends each call to ${place(given, "A", upstream)} or ${place(given, "B", upstream)}, whichever answers faster.`,
    "A call that fails before its first byte is tried once more, at the other.",
  ],
};

const failover: PolicyTemplate = {
  name: "failover",
  title: "Failover",
  summary: "A route with a first choice and a stand-in that takes over when the first fails or is too slow.",
  category: "balancing",
  limits: "An answer that has begun is not begun again elsewhere.",
  parameters: [
    routeName("failover"),
    ...target("A", "first"),
    ...target("B", "stand-in"),
    count("firstByteSeconds", "Seconds until the first byte", "A target that takes longer is given up for this call.", {
      default: 20,
      min: 1,
      max: 600,
    }),
  ],
  make: (given) => ({
    plans: [],
    routes: [
      {
        route: {
          name: textOf(given, "routeName"),
          description: "A first choice, and a stand-in for when it fails.",
          strategy: "priority",
          targets: [
            { ...at(given, "A"), priority: 0 },
            { ...at(given, "B"), priority: 1 },
          ],
          retry: { attempts: 2 },
          timeouts: { firstByteMs: countOf(given, "firstByteSeconds") * 1_000 },
        },
      },
    ],
  }),
  words: (given, upstream) => [
    `Route “${textOf(given, "routeName")}” goes to ${place(given, "A", upstream)}.`,
    `When that fails, is out of service, or has sent nothing after ${countOf(given, "firstByteSeconds")} seconds, the call goes to ${place(given, "B", upstream)}.`,
  ],
};

const cachedAnswers: PolicyTemplate = {
  name: "cached-answers",
  title: "Cached answers",
  summary: "A route that answers the same question of a team again without asking, and paying, its upstream.",
  category: "caching",
  limits:
    "Only calls that are the same to the letter; each node keeps its own answers unless they share a Valkey or Redis.",
  parameters: [
    routeName("cached"),
    ...target("", ""),
    count("minutes", "Minutes", "How long an answer may be given again.", { default: 60, min: 1, max: 43_200 }),
  ],
  make: (given) => ({
    plans: [],
    routes: [
      {
        route: {
          name: textOf(given, "routeName"),
          description: "Answers are kept for the caller's team.",
          targets: [at(given)],
          cache: { ttlSeconds: countOf(given, "minutes") * 60, scope: "team", shared: true },
        },
      },
    ],
  }),
  words: (given, upstream) => [
    `Route “${textOf(given, "routeName")}” goes to ${place(given, "", upstream)}.`,
    `The same call of the same team within ${countOf(given, "minutes")} minutes gets the same answer, at no cost.`,
  ],
};

const newVersion: PolicyTemplate = {
  name: "new-version",
  title: "A new version",
  summary:
    "A route whose version 2.0.0 is the default, while 1.0.0 is deprecated with a sunset that its callers are told of.",
  category: "versioning",
  limits: null,
  parameters: [
    routeName("versioned"),
    ...target("A", "old"),
    ...target("B", "new"),
    count(
      "sunsetDays",
      "Days until the sunset",
      "Until then calls pinned to 1.0.0 are served, with a Deprecation and a Sunset header; afterwards they get 410.",
      { default: 90, min: 1, max: 1_000 },
    ),
  ],
  make: (given) => ({
    plans: [],
    routes: [
      {
        route: {
          name: textOf(given, "routeName"),
          description: "Version 2.0.0 by default; 1.0.0 until its sunset.",
          version: "1.0.0",
          targets: [at(given, "A")],
        },
        newer: { version: { version: "2.0.0", targets: [at(given, "B")] }, sunsetDays: countOf(given, "sunsetDays") },
      },
    ],
  }),
  words: (given, upstream) => [
    `Route “${textOf(given, "routeName")}” is version 2.0.0 for who names none: ${place(given, "B", upstream)}.`,
    `Version 1.0.0, ${place(given, "A", upstream)}, is deprecated. Calls that name it are served for ${countOf(given, "sunsetDays")} days more, and told so.`,
  ],
};

const guarded: PolicyTemplate = {
  name: "guarded",
  title: "Guarded prompts",
  summary:
    "A route that bounds what a call may send and cost, takes personal data out of prompts, and refuses secrets.",
  category: "guardrails",
  limits: "Personal data and secrets are found by their known formats: it is a net, not a wall.",
  parameters: [
    routeName("guarded"),
    ...target("", ""),
    count("promptKilobytes", "Kilobytes of a prompt", "A larger body is refused.", {
      default: 256,
      min: 1,
      max: 32_768,
    }),
    count("outputTokens", "Tokens of an answer", "What a caller asks for beyond it is lowered to it.", {
      default: 4_096,
      min: 1,
      max: 1_000_000,
    }),
  ],
  make: (given) => ({
    plans: [],
    routes: [
      {
        route: {
          name: textOf(given, "routeName"),
          description: "Prompts are bounded, cleaned of personal data, and refused with secrets.",
          targets: [at(given)],
          guardrails: [
            { kind: "max_prompt", name: "prompt-size", maxBytes: countOf(given, "promptKilobytes") * 1_024 },
            { kind: "max_output", name: "answer-size", maxTokens: countOf(given, "outputTokens") },
            { kind: "pii", name: "secrets", types: ["secret"], action: "deny" },
            { kind: "pii", name: "personal-data", types: ["email", "phone", "card", "iban"], action: "redact" },
          ],
        },
      },
    ],
  }),
  words: (given, upstream) => [
    `Route “${textOf(given, "routeName")}” goes to ${place(given, "", upstream)}.`,
    `Bodies over ${countOf(given, "promptKilobytes")} kB are refused, and answers end at ${countOf(given, "outputTokens")} tokens.`,
    "Prompts with a secret in them are refused; e-mail addresses, phone numbers, card numbers and IBANs are replaced by placeholders.",
  ],
};

/** Templates that make routes. */
export const ROUTE_TEMPLATES: readonly PolicyTemplate[] = [spreadLoad, failover, cachedAnswers, newVersion, guarded];
