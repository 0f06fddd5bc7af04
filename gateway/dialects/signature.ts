/**
 * Where a signature of reasoning comes from. Signatures are opaque, a vendor refuses another's, and a conversation may
 * change its target between two turns: so a reader tags what it reads (`gemini:…`), the caller hands the tag back without
 * knowing of it, and a writer sends only what is its own. Anthropic's own (also through Bedrock, where they are the same)
 * have no tag, because callers of Anthropic's dialect have them from untranslated calls too. They are base64: no colon.
 */
export type SignatureOrigin = "anthropic" | "gemini" | "openai";

const TAG = /^(gemini|openai):/;

/** A vendor's own signature as it travels between dialects. */
export function tagSignature(origin: SignatureOrigin, signature: string): string {
  return origin === "anthropic" ? signature : `${origin}:${signature}`;
}

/** The vendor's own signature again; null when there is none or another vendor made it. */
export function ownSignature(origin: SignatureOrigin, tagged: string | null): string | null {
  if (tagged === null || tagged === "") return null;
  const tag = TAG.exec(tagged)?.[1] ?? "anthropic";
  if (tag !== origin) return null;
  return origin === "anthropic" ? tagged : tagged.slice(origin.length + 1);
}
