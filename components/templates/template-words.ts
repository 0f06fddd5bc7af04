import { BadgeCheck, Gauge, KeyRound, Layers, type LucideIcon, Recycle, Scale, ShieldCheck } from "lucide-react";
import type { TemplateCategory } from "#lib/domain/template/schemas.ts";

/** What a category is called, and its sign. */
export const categoryWords: Record<TemplateCategory, { label: string; icon: LucideIcon }> = {
  authentication: { label: "Authentication", icon: KeyRound },
  limits: { label: "Limits", icon: Gauge },
  tiers: { label: "Tiers", icon: Layers },
  balancing: { label: "Balancing", icon: Scale },
  caching: { label: "Caching", icon: Recycle },
  versioning: { label: "Versioning", icon: BadgeCheck },
  guardrails: { label: "Guardrails", icon: ShieldCheck },
};
