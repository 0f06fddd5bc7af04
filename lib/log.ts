import { pino, stdTimeFunctions } from "pino";

/** Members that could hold a secret, by every spelling in use here. */
const SECRET_MEMBERS = [
  "authorization",
  "cookie",
  '["set-cookie"]',
  '["x-api-key"]',
  '["api-key"]',
  '["x-goog-api-key"]',
  "secret",
  "password",
  "initialPassword",
  "currentPassword",
  "newPassword",
  "token",
  "accessToken",
  "joinToken",
];

/** The members at the top and two levels down: pino looks no deeper than it is told. */
const secretPaths = SECRET_MEMBERS.flatMap((member) => {
  const below = member.startsWith("[") ? member : `.${member}`;
  return [member, `*${below}`, `*.*${below}`];
});

/** Secrets of ours and of providers by their form, for one that stands in the middle of a text. */
const SECRET_TEXT = /\b(tp[a-z]?_|sk-|Bearer )[A-Za-z0-9._~+/-]{16,}=*/g;

/** How the control plane logs; exported for the test of what is blacked out. */
export const LOG_OPTIONS = {
  level: "info",
  base: null,
  timestamp: stdTimeFunctions.isoTime,
  redact: { paths: secretPaths, censor: "[redacted]" },
  hooks: { streamWrite: (line: string) => line.replace(SECRET_TEXT, "$1[redacted]") },
};

/**
 * The control plane's log: one line of JSON per event, to stdout. Nothing secret is handed to it; what could be a
 * secret is blacked out all the same.
 */
export const log = pino(LOG_OPTIONS);
