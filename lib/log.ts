import { pino, stdTimeFunctions } from "pino";

/**
 * The control plane's log: one line of JSON per event, to stdout. Nothing secret is handed to it; members that could
 * hold a secret are blacked out all the same.
 */
export const log = pino({
  level: "info",
  base: null,
  timestamp: stdTimeFunctions.isoTime,
  redact: {
    paths: ["secret", "password", "authorization", "cookie", "*.secret", "*.password", "*.authorization", "*.cookie"],
    censor: "[redacted]",
  },
});
