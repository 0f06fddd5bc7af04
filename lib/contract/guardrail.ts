import { z } from "zod";
import { Id } from "./names.ts";

/**
 * What a route version checks calls for, beyond who may call it. `enforce` acts; `shadow` only notes in the call's decision
 * what it would have done. Sizes and parameters are checked first, then texts in one pass, then guard servers are asked.
 */
const base = {
  /** Shown in decisions and error messages; unique within a version. */
  name: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9_-]{0,58}[a-z0-9])?$/, "1 to 60 small letters, digits, hyphens and underscores"),
  mode: z.enum(["enforce", "shadow"]).default("enforce"),
};

/** How much of a text is held back while a stream is checked, in UTF-16 units: matches up to this length are always found. */
const WindowChars = z.int().min(16).max(4_096).default(256);
export const GuardedText = z.enum(["prompt", "answer", "both"]);
export type GuardedText = z.infer<typeof GuardedText>;

/** Refuses a body that is larger than allowed. Tokens are estimated at four bytes each. */
const MaxPrompt = z.strictObject({
  kind: z.literal("max_prompt"),
  ...base,
  maxBytes: z.int().min(1).max(33_554_432).optional(),
  maxTokens: z.int().min(1).max(100_000_000).optional(),
});

/** Bounds what an answer may cost: `n` answers together get at most so many tokens. */
const MaxOutput = z.strictObject({
  kind: z.literal("max_output"),
  ...base,
  maxTokens: z.int().min(1).max(100_000_000),
  /** `clamp` lowers what the caller asked for, or asks for the bound where the caller did not; `refuse` answers 400. */
  action: z.enum(["clamp", "refuse"]).default("clamp"),
});

/** Parameters by their names at the top level of the body. */
const Parameters = z.strictObject({
  kind: z.literal("parameters"),
  ...base,
  /** `allow`: no others than these and the prompt's own fields. `deny`: all but these. */
  rule: z.enum(["allow", "deny"]),
  names: z.array(z.string().min(1).max(100)).min(1).max(200),
});

/** The longest pattern and the most of them a guard may have. */
export const PATTERN_CHARS_MAX = 1_000;
export const PATTERNS_MAX = 50;

/** Regular expressions in RE2's syntax, which are matched in time linear in the text. */
const Pattern = z.strictObject({
  kind: z.literal("pattern"),
  ...base,
  on: GuardedText.default("prompt"),
  action: z.enum(["deny", "redact"]),
  patterns: z.array(z.string().min(1).max(PATTERN_CHARS_MAX)).min(1).max(PATTERNS_MAX),
  windowChars: WindowChars,
});

export const PII_TYPES = ["email", "phone", "card", "iban", "secret"] as const;
export type PiiType = (typeof PII_TYPES)[number];

/** Personal data and secrets of known formats; `redact` puts a typed placeholder in their place. */
const Pii = z.strictObject({
  kind: z.literal("pii"),
  ...base,
  on: GuardedText.default("prompt"),
  action: z.enum(["deny", "redact"]).default("redact"),
  types: z.array(z.enum(PII_TYPES)).min(1).max(PII_TYPES.length),
  windowChars: WindowChars,
});

/** Asks a server of one's own about each prompt. Its address and the key of its signature are those of an upstream. */
const Webhook = z.strictObject({
  kind: z.literal("webhook"),
  ...base,
  upstreamId: Id,
  /** Below the upstream's base URL. */
  path: z
    .string()
    .max(500)
    .regex(/^\/[!-~]*$/, "begins with a slash and has no spaces")
    .default("/"),
  timeoutMs: z.int().min(10).max(10_000).default(1_000),
  /** What becomes of a call when the server does not answer in time, or not as documented. */
  onError: z.enum(["deny", "allow"]).default("deny"),
  /** How much of the prompt's text is sent along; 0 sends its hash alone. */
  sampleChars: z.int().min(0).max(16_384).default(2_000),
});

export const Guardrail = z.discriminatedUnion("kind", [MaxPrompt, MaxOutput, Parameters, Pattern, Pii, Webhook]);
export type Guardrail = z.infer<typeof Guardrail>;
export type GuardrailOf<K extends Guardrail["kind"]> = Extract<Guardrail, { kind: K }>;

/** Every guard of a route version. */
export const Guardrails = z
  .array(Guardrail)
  .max(20)
  .superRefine((guards, context) => {
    const seen = new Set<string>();
    guards.forEach((guard, index) => {
      if (seen.has(guard.name)) {
        context.addIssue({ code: "custom", path: [index, "name"], message: "is the name of another guardrail" });
      }
      seen.add(guard.name);
      if (guard.kind === "max_prompt" && guard.maxBytes === undefined && guard.maxTokens === undefined) {
        context.addIssue({ code: "custom", path: [index, "maxBytes"], message: "give maxBytes, maxTokens or both" });
      }
    });
  });
export type Guardrails = z.infer<typeof Guardrails>;
