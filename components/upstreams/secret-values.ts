import { z } from "zod";
import { type CredentialKind, findSecretProblem } from "#lib/contract/credential-kind.ts";
import { CredentialKind as CredentialKindSchema } from "#lib/domain/upstream/schemas.ts";

const Box = z.string().max(10_000);
const Boxes = z.object({
  kind: CredentialKindSchema,
  /** The key, or the text of a key file. */
  secret: Box,
  accessKeyId: Box,
  secretAccessKey: Box,
  sessionToken: Box,
});

/** What a form holds of a secret: the boxes of every kind, of which those of `kind` count. */
export type SecretBoxes = z.output<typeof Boxes>;
export type SecretKey = keyof SecretBoxes;

/** Empty boxes for a credential of a kind. */
export function newSecretBoxes(kind: CredentialKind): SecretBoxes {
  return { kind, secret: "", accessKeyId: "", secretAccessKey: "", sessionToken: "" };
}

/** The secret as it is sent; empty where nothing was written. */
export function secretOf({ kind, secret, accessKeyId, secretAccessKey, sessionToken }: SecretBoxes): string {
  if (kind !== "awsKeys") return secret.trim();
  if (accessKeyId === "" && secretAccessKey === "" && sessionToken === "") return "";
  const token = sessionToken.trim() === "" ? {} : { sessionToken: sessionToken.trim() };
  return JSON.stringify({ accessKeyId: accessKeyId.trim(), secretAccessKey: secretAccessKey.trim(), ...token });
}

const AWS_BOXES = ["accessKeyId", "secretAccessKey", "sessionToken"] as const;

/** The boxes of a secret that may be left out, or must be given. */
export function secretSchema(isRequired: boolean) {
  return Boxes.check((ctx) => {
    const boxes = ctx.value;
    const secret = secretOf(boxes);
    if (secret === "" && !isRequired) return;
    const problem = secret === "" ? "must not be empty" : findSecretProblem(boxes.kind, secret);
    if (problem === null) return;
    // The problem of AWS keys names its part.
    const part =
      boxes.kind === "awsKeys" ? (AWS_BOXES.find((box) => problem.startsWith(`${box}:`)) ?? "accessKeyId") : "secret";
    const message = problem.replace(`${part}: `, "");
    ctx.issues.push({ code: "custom", path: [part], message, input: part });
  });
}
