"use client";
import { categoryWords } from "#components/templates/template-words.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import type { TemplateView } from "#lib/domain/template/schemas.ts";

/** Every template as a card. `onChoose` null: the viewer may only read. */
export function TemplateGallery({
  templates,
  onChoose,
}: {
  templates: readonly TemplateView[];
  onChoose: ((template: TemplateView) => void) | null;
}) {
  return (
    <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
      {templates.map((template) => (
        <li key={template.name} className="flex min-w-0">
          <TemplateCard template={template} onChoose={onChoose} />
        </li>
      ))}
    </ul>
  );
}

function TemplateCard({
  template,
  onChoose,
}: {
  template: TemplateView;
  onChoose: ((template: TemplateView) => void) | null;
}) {
  const { label, icon: Icon } = categoryWords[template.category];
  return (
    <Card className="flex min-w-0 grow flex-col gap-3 p-4">
      <div className="flex items-center justify-between gap-2">
        <h2 className="min-w-0 font-semibold text-base">{template.title}</h2>
        <Badge>
          <Icon aria-hidden />
          {label}
        </Badge>
      </div>
      <p className="text-sm">{template.summary}</p>
      {template.limits ? <p className="text-muted text-sm">{template.limits}</p> : null}
      {onChoose ? (
        <div className="mt-auto pt-1">
          <Button onClick={() => onChoose(template)} aria-label={`Use the template “${template.title}”`}>
            Use this template
          </Button>
        </div>
      ) : null}
    </Card>
  );
}
