import type { Role } from "#lib/contract/permissions.ts";

// Who plays in the demo: plain data, so that a reader sees at a glance what the seed makes.

export const TEAMS = [
  "Customer support",
  "Search and discovery",
  "Developer tools",
  "Marketing",
  "Finance operations",
  "Research",
] as const;
export type TeamName = (typeof TEAMS)[number];

export interface Member {
  name: string;
  role: Role;
  teams: readonly TeamName[];
}

/** People at example.com; their passwords are made at random and told to nobody. */
export const MEMBERS: readonly Member[] = [
  { name: "Amara Okafor", role: "owner", teams: [] },
  { name: "Priya Nair", role: "admin", teams: [] },
  { name: "Jonas Weber", role: "admin", teams: [] },
  { name: "Mateo Alvarez", role: "operator", teams: [] },
  { name: "Lin Zhao", role: "operator", teams: [] },
  { name: "Freya Lindqvist", role: "operator", teams: [] },
  { name: "Daniel Cohen", role: "auditor", teams: [] },
  { name: "Yuki Tanaka", role: "auditor", teams: [] },
  { name: "Sara Haddad", role: "developer", teams: ["Customer support"] },
  { name: "Tom Baker", role: "developer", teams: ["Search and discovery", "Research"] },
  { name: "Ines Costa", role: "developer", teams: ["Developer tools"] },
  { name: "Ravi Menon", role: "developer", teams: ["Marketing"] },
];

export const emailOf = (name: string) => `${name.toLowerCase().replaceAll(" ", ".")}@example.com`;

export type PlanName = "free" | "team" | "business" | "enterprise";
/** When people use it: in office hours, around the clock with a bulge in the day, evenly, or in a nightly batch. */
export type Rhythm = "office" | "customers" | "steady" | "nightly";

export interface Persona {
  name: string;
  team: TeamName;
  plan: PlanName;
  /** Calls on an ordinary weekday today; three months ago it was about half. */
  callsPerDay: number;
  rhythm: Rhythm;
  /** What it asks for in `model`, by weight. */
  models: readonly (readonly [string, number])[];
  /** Share of chat calls that stream. */
  streamed: number;
  userAgent: string;
  keys: readonly string[];
  /** Median tokens of a prompt and of an answer. */
  tokens: readonly [number, number];
  /** Days ago when it was made. */
  since: number;
  /** It calls faster than its plan allows, this share of the time. */
  impatience: number;
}

const PYTHON = "OpenAI/Python 2.9.0";
const NODE = "OpenAI/JS 6.49.0";
const GO = "openai-go/3.8.1";
const CURL = "curl/8.14.1";

type Line = [
  name: string,
  team: TeamName,
  plan: PlanName,
  callsPerDay: number,
  rhythm: Rhythm,
  models: Persona["models"],
  rest: Partial<Persona>,
];

const LINES: readonly Line[] = [
  [
    "support-chat",
    "Customer support",
    "enterprise",
    2150,
    "customers",
    [
      ["smart", 8],
      ["fast", 2],
    ],
    { streamed: 0.95, keys: ["production", "canary"], tokens: [1450, 260], since: 86 },
  ],
  ["ticket-triage", "Customer support", "business", 820, "office", [["fast", 1]], { tokens: [620, 48], since: 84 }],
  [
    "reply-drafts",
    "Customer support",
    "business",
    410,
    "office",
    [["smart@1.0.0", 1]],
    { userAgent: NODE, tokens: [980, 310], since: 80 },
  ],
  ["voice-summaries", "Customer support", "team", 160, "customers", [["fast", 1]], { tokens: [2600, 220], since: 41 }],
  [
    "catalogue-search",
    "Search and discovery",
    "enterprise",
    1750,
    "customers",
    [
      ["embed", 9],
      ["fast", 1],
    ],
    { userAgent: GO, keys: ["production", "staging"], tokens: [46, 90], since: 85 },
  ],
  [
    "nightly-index",
    "Search and discovery",
    "business",
    640,
    "nightly",
    [["embed", 1]],
    { keys: ["batch"], tokens: [820, 0], since: 83 },
  ],
  [
    "query-rewriter",
    "Search and discovery",
    "business",
    520,
    "customers",
    [["fast", 1]],
    { userAgent: GO, tokens: [180, 32], since: 60 },
  ],
  ["facet-labels", "Search and discovery", "team", 70, "nightly", [["default", 1]], { tokens: [340, 60], since: 52 }],
  [
    "code-review-bot",
    "Developer tools",
    "business",
    480,
    "office",
    [["smart", 1]],
    { userAgent: NODE, tokens: [4200, 680], since: 82 },
  ],
  [
    "release-notes",
    "Developer tools",
    "team",
    24,
    "office",
    [["smart", 1]],
    { userAgent: NODE, tokens: [5200, 540], since: 70 },
  ],
  [
    "docs-assistant",
    "Developer tools",
    "business",
    370,
    "office",
    [
      ["smart", 3],
      ["embed", 2],
    ],
    { streamed: 0.8, userAgent: NODE, tokens: [1900, 350], since: 66 },
  ],
  [
    "ci-flake-explainer",
    "Developer tools",
    "team",
    130,
    "steady",
    [["fast", 1]],
    { userAgent: CURL, tokens: [3100, 180], since: 38 },
  ],
  [
    "incident-copilot",
    "Developer tools",
    "team",
    46,
    "steady",
    [["smart", 1]],
    { streamed: 0.9, tokens: [2800, 420], since: 19 },
  ],
  [
    "campaign-writer",
    "Marketing",
    "business",
    210,
    "office",
    [
      ["smart", 3],
      ["fast", 1],
    ],
    { streamed: 0.7, userAgent: NODE, tokens: [540, 620], since: 78 },
  ],
  ["alt-text", "Marketing", "team", 150, "office", [["fast", 1]], { tokens: [420, 40], since: 57 }],
  [
    "newsletter-check",
    "Marketing",
    "free",
    44,
    "office",
    [["default", 1]],
    { userAgent: CURL, tokens: [760, 90], since: 48, impatience: 0.06 },
  ],
  [
    "invoice-reader",
    "Finance operations",
    "business",
    330,
    "office",
    [["smart", 1]],
    { tokens: [2300, 210], since: 76 },
  ],
  ["expense-audit", "Finance operations", "team", 95, "office", [["fast@1.0.0", 1]], { tokens: [690, 70], since: 64 }],
  [
    "ledger-match",
    "Finance operations",
    "business",
    260,
    "nightly",
    [
      ["embed", 3],
      ["fast", 2],
    ],
    { keys: ["batch"], tokens: [210, 40], since: 44 },
  ],
  [
    "paper-digest",
    "Research",
    "team",
    88,
    "office",
    [["smart", 1]],
    { userAgent: PYTHON, tokens: [7800, 740], since: 72 },
  ],
  [
    "eval-harness",
    "Research",
    "business",
    540,
    "nightly",
    [
      ["smart", 2],
      ["fast", 2],
      ["smart@1.1.0", 1],
    ],
    { keys: ["evals", "sweeps"], tokens: [900, 380], since: 58, impatience: 0.05 },
  ],
  [
    "notebook-sandbox",
    "Research",
    "free",
    120,
    "office",
    [
      ["smart", 1],
      ["default", 11],
    ],
    { tokens: [640, 240], since: 50, impatience: 0.18 },
  ],
  [
    "legacy-scraper",
    "Marketing",
    "free",
    90,
    "steady",
    [["default", 1]],
    { userAgent: "python-requests/2.32.4", tokens: [300, 60], since: 79, impatience: 0.3 },
  ],
  [
    "translation-pilot",
    "Marketing",
    "team",
    60,
    "office",
    [["smart", 1]],
    { userAgent: NODE, tokens: [880, 860], since: 9 },
  ],
];

/** The consumers, one for each line. */
export const PERSONAS: readonly Persona[] = LINES.map(([name, team, plan, callsPerDay, rhythm, models, rest]) => ({
  name,
  team,
  plan,
  callsPerDay,
  rhythm,
  models,
  streamed: 0,
  userAgent: PYTHON,
  keys: ["production"],
  tokens: [600, 150],
  since: 80,
  impatience: 0.002,
  ...rest,
}));

/** Whose calls are refused since yesterday, and why. */
export const SUSPENDED = {
  name: "legacy-scraper",
  reason: "Calls in a loop without backing off; ask Marketing",
  hoursAgo: 20,
};

export interface NodeRole {
  name: string;
  group: string;
  /** Share of the calls. */
  share: number;
  address: string;
}

/** Nodes that exist as rows only: nothing runs behind them, and their names say so. */
export const NODES: readonly NodeRole[] = [
  { name: "seed-fra-1", group: "eu", share: 0.48, address: "10.20.1" },
  { name: "seed-fra-2", group: "eu", share: 0.33, address: "10.20.2" },
  { name: "seed-iad-1", group: "us", share: 0.19, address: "10.40.1" },
];
