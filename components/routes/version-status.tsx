import { StatusDot, type Tone } from "#components/ui/badge.tsx";
import type { VersionView } from "#lib/domain/route/schemas.ts";

const tones: Record<VersionView["status"], Tone> = { active: "success", deprecated: "warning", retired: "neutral" };

/** Where a version is in its life. */
export function VersionStatus({ status }: { status: VersionView["status"] }) {
  return <StatusDot tone={tones[status]}>{status}</StatusDot>;
}
