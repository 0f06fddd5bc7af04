"use client";
import { keyAttention } from "#components/api-keys/key-attention.ts";
import { Badge, StatusDot, type Tone } from "#components/ui/badge.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { useNow } from "#components/ui/use-now.ts";
import type { ApiKeyView } from "#lib/domain/api-key/schemas.ts";

const tones: Record<ApiKeyView["state"], Tone> = { active: "success", expired: "warning", revoked: "neutral" };

/** Whether a key works, in a word. Management tokens have the same states. */
export function KeyState({ state }: { state: ApiKeyView["state"] }) {
  return <StatusDot tone={tones[state]}>{state[0]?.toUpperCase() + state.slice(1)}</StatusDot>;
}

/** The mark on a key that somebody should look at; nothing for all others. */
export function KeyAttentionBadge({ apiKey }: { apiKey: ApiKeyView }) {
  const nowMs = useNow();
  const attention = nowMs === null ? null : keyAttention(apiKey, nowMs);
  return attention ? <Badge tone="warning">{attention.words}</Badge> : null;
}

/** When a key stops or stopped working. */
export function KeyEnd({ apiKey }: { apiKey: Pick<ApiKeyView, "revokedAt" | "expiresAt"> }) {
  if (apiKey.revokedAt !== null) {
    return (
      <span className="text-muted">
        revoked <RelativeTime at={apiKey.revokedAt} />
      </span>
    );
  }
  return <RelativeTime at={apiKey.expiresAt} />;
}

/** The part of a secret that may be shown: how it begins and ends. */
export function KeyHint({ prefix, last4 }: { prefix: string; last4: string }) {
  return (
    <code className="whitespace-nowrap text-muted text-xs">
      {prefix}…{last4}
    </code>
  );
}
