import { at, count, place, planName, routeName, target } from "./parameters.ts";
import { countOf, type PolicyTemplate, textOf } from "./template.ts";

const COUNTED_APART =
  "Nodes count each by itself unless they share a Valkey or Redis: then a limit holds for all of them together.";

const strictAccess: PolicyTemplate = {
  name: "strict-access",
  title: "Strict access",
  summary:
    "A route and a plan for keys that open it alone, that are slowed down one by one, and that a cut-off node stops taking.",
  category: "authentication",
  limits: "Callers are known by their API keys; tokens of an identity provider come with a later release.",
  parameters: [
    planName("strict access"),
    routeName("strict"),
    ...target("", ""),
    count("callsPerMinute", "Calls a minute and key", "Counted for each key apart.", {
      default: 60,
      min: 1,
      max: 1_000_000,
    }),
    count(
      "staleSeconds",
      "Seconds without the control plane",
      "A node that has lost it for longer refuses these keys, so that one revoked meanwhile does not live on.",
      { default: 900, min: 15, max: 31_536_000 },
    ),
  ],
  make: (given) => ({
    plans: [
      {
        name: textOf(given, "planName"),
        description: "Strict access: one route, a limit for each key, and no calls at nodes that are cut off for long.",
        routes: [textOf(given, "routeName")],
        rateLimits: [
          { metric: "requests", limit: countOf(given, "callsPerMinute"), windowSeconds: 60, per: "key" },
          { metric: "requests", limit: countOf(given, "callsPerMinute") * 5, windowSeconds: 60, per: "address" },
        ],
        maxStaleSeconds: countOf(given, "staleSeconds"),
      },
    ],
    routes: [{ route: { name: textOf(given, "routeName"), description: "For strict access.", targets: [at(given)] } }],
  }),
  words: (given, upstream) => [
    `Route “${textOf(given, "routeName")}” goes to ${place(given, "", upstream)}.`,
    `Plan “${textOf(given, "planName")}” opens route “${textOf(given, "routeName")}” and no other.`,
    `Each key may make ${countOf(given, "callsPerMinute")} calls a minute, and each address ${countOf(given, "callsPerMinute") * 5} with whatever keys.`,
    `A node that has not heard from the control plane for ${countOf(given, "staleSeconds")} seconds refuses its calls.`,
  ],
};

const fairLimits: PolicyTemplate = {
  name: "fair-limits",
  title: "Fair limits",
  summary: "A plan on which no consumer takes the others' share: calls and tokens a minute, and calls at a time.",
  category: "limits",
  limits: COUNTED_APART,
  parameters: [
    planName("fair"),
    count("callsPerMinute", "Calls a minute", "For each consumer.", { default: 120, min: 1, max: 1_000_000 }),
    count("tokensPerMinute", "Tokens a minute", "Input and output together, for each consumer.", {
      default: 100_000,
      min: 1,
      max: 1_000_000_000,
    }),
    count("atOnce", "Calls at a time", "For each consumer; streams count until they end.", {
      default: 10,
      min: 1,
      max: 1_000_000,
    }),
  ],
  make: (given) => ({
    plans: [
      {
        name: textOf(given, "planName"),
        description: "Fair limits: calls and tokens a minute, and calls at a time, for each consumer.",
        rateLimits: [
          { metric: "requests", limit: countOf(given, "callsPerMinute"), windowSeconds: 60 },
          { metric: "tokens", limit: countOf(given, "tokensPerMinute"), windowSeconds: 60 },
          { metric: "concurrency", limit: countOf(given, "atOnce") },
        ],
      },
    ],
    routes: [],
  }),
  words: (given) => [
    `Plan “${textOf(given, "planName")}” opens every route.`,
    `Each consumer may make ${countOf(given, "callsPerMinute")} calls and use ${countOf(given, "tokensPerMinute")} tokens a minute, with ${countOf(given, "atOnce")} calls at a time.`,
  ],
};

const TIERS = [
  { name: "free", times: 1 },
  { name: "team", times: 10 },
  { name: "business", times: 100 },
] as const;

const tiers: PolicyTemplate = {
  name: "tiers",
  title: "Three tiers",
  summary: "Three plans, each with ten times of the one before: free, team and business.",
  category: "tiers",
  limits: `A month's budget of money or tokens is a quota, which comes with a later release: these tiers limit tokens a day. ${COUNTED_APART}`,
  parameters: [
    {
      ...planName("tier"),
      name: "prefix",
      label: "Names begin with",
      help: "The plans are called “… free”, “… team” and “… business”.",
    },
    count("callsPerMinute", "Calls a minute, free tier", "For each consumer.", { default: 10, min: 1, max: 1_000_000 }),
    count("tokensPerDay", "Tokens a day, free tier", "For each consumer.", {
      default: 100_000,
      min: 1,
      max: 10_000_000,
    }),
  ],
  make: (given) => ({
    plans: TIERS.map(({ name, times }) => ({
      name: `${textOf(given, "prefix")} ${name}`,
      description: `Tier “${name}”: calls a minute and tokens a day for each consumer.`,
      rateLimits: [
        { metric: "requests", limit: countOf(given, "callsPerMinute") * times, windowSeconds: 60 },
        { metric: "tokens", limit: countOf(given, "tokensPerDay") * times, windowSeconds: 86_400 },
      ],
    })),
    routes: [],
  }),
  words: (given) =>
    TIERS.map(
      ({ name, times }) =>
        `Plan “${textOf(given, "prefix")} ${name}”: ${countOf(given, "callsPerMinute") * times} calls a minute and ${countOf(given, "tokensPerDay") * times} tokens a day for each consumer.`,
    ),
};

/** Templates that make plans. */
export const PLAN_TEMPLATES: readonly PolicyTemplate[] = [strictAccess, fairLimits, tiers];
