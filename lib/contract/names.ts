import { z } from "zod";

/** A public name in a URL, header or `model` field: letters, digits, `.`, `_`, `-`, `/` and `:` inside, no `@`. */
export const RouteName = z
  .string()
  .min(1)
  .max(120)
  .regex(
    /^[A-Za-z0-9](?:[A-Za-z0-9._:/-]*[A-Za-z0-9])?$/,
    "use letters, digits and . _ - : / and start and end with a letter or digit",
  );

/** A name for people: any text without control characters. */
export const DisplayName = z
  .string()
  .trim()
  .min(1, "must not be empty")
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, "must not contain control characters");

/** A semantic version without pre-release or build parts: "1.0.0". */
export const VersionNumber = z
  .string()
  .regex(/^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$/, 'must be a version such as "1.0.0"');

/** An opaque identifier: a kind prefix and a UUIDv7. */
export const Id = z
  .string()
  .min(1)
  .max(80)
  .regex(/^[A-Za-z0-9_-]+$/, "is not an id");

/** A time as ISO-8601 in UTC. */
export const Timestamp = z.iso.datetime();
