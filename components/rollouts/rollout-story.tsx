import { eventTones } from "#components/rollouts/rollout-words.ts";
import { StatusDot } from "#components/ui/badge.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { RolloutEventView } from "#lib/domain/rollout/schemas.ts";

/** What happened in a rollout, in order, through whom, and why. */
export function RolloutStory({ events }: { events: readonly RolloutEventView[] }) {
  return (
    <section aria-labelledby="rollout-story">
      <h3 id="rollout-story" className="mb-1.5 font-medium text-sm">
        What happened
      </h3>
      <ol className="flex max-h-80 flex-col gap-2 overflow-y-auto">
        {events.map((event) => (
          <li key={event.id} className="text-sm">
            <div className="flex items-baseline justify-between gap-3">
              <StatusDot tone={eventTones[event.kind]}>{event.kind.replaceAll("_", " ")}</StatusDot>
              <span className="text-muted text-xs">
                {event.actor.kind === "system" ? "by itself" : event.actor.name}, <RelativeTime at={event.at} />
              </span>
            </div>
            <p className="break-words pl-3.5 text-muted">{event.detail}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}
