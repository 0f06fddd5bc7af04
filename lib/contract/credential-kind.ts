import { z } from "zod";

/** The forms an upstream's credential has: one key, a pair of AWS keys, or a Google service account's key file. */
export const CREDENTIAL_KINDS = ["apiKey", "awsKeys", "serviceAccount"] as const;
export type CredentialKind = (typeof CREDENTIAL_KINDS)[number];

/** An `awsKeys` secret, as the JSON text that is sealed. */
export const AwsKeys = z.strictObject({
  accessKeyId: z.string().regex(/^[A-Z0-9]{16,128}$/, "must be 16 to 128 capital letters and digits"),
  secretAccessKey: z.string().regex(/^[\x21-\x7e]{16,256}$/, "must be 16 to 256 printable characters"),
  sessionToken: z
    .string()
    .regex(/^[\x21-\x7e]{1,8192}$/, "must be printable characters")
    .optional(),
});
export type AwsKeys = z.infer<typeof AwsKeys>;

/** Google's only place for tokens: a key file that names another is refused, so that no key is sent elsewhere. */
export const GOOGLE_TOKEN_URL = "https://oauth2.googleapis.com/token";

/** What is used of a `serviceAccount` secret: the key file as Google hands it out. */
export const ServiceAccount = z.object({
  type: z.literal("service_account"),
  private_key_id: z.string().min(1).max(200),
  private_key: z.string().startsWith("-----BEGIN PRIVATE KEY-----", "must be a PKCS #8 key in PEM"),
  client_email: z.email(),
  token_uri: z.literal(GOOGLE_TOKEN_URL).default(GOOGLE_TOKEN_URL),
});
export type ServiceAccount = z.infer<typeof ServiceAccount>;

const PRINTABLE = /^[\x21-\x7e]+$/;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What is wrong with a secret of a kind, in words that name the part of it; null when nothing is. Never shows the secret. */
export function findSecretProblem(kind: CredentialKind, secret: string): string | null {
  if (kind === "apiKey") return PRINTABLE.test(secret) ? null : "must be printable ASCII without spaces";
  const value = parseJson(secret);
  const what = kind === "awsKeys" ? "accessKeyId and secretAccessKey" : "a service account's key file";
  if (value === undefined) return `must be the JSON text of ${what}`;
  const result = (kind === "awsKeys" ? AwsKeys : ServiceAccount).safeParse(value);
  const [issue] = result.error?.issues ?? [];
  if (issue === undefined) return null;
  return issue.path.length === 0 ? `must be the JSON text of ${what}` : `${issue.path.join(".")}: ${issue.message}`;
}

/** The public end of a secret, by which a person tells it from others; empty where even that would say too much. */
export function secretEnding(kind: CredentialKind, secret: string): string {
  if (kind === "awsKeys") return AwsKeys.parse(JSON.parse(secret)).accessKeyId.slice(-4);
  if (kind === "serviceAccount") return ServiceAccount.parse(JSON.parse(secret)).private_key_id.slice(-4);
  return secret.length >= 12 ? secret.slice(-4) : "";
}
