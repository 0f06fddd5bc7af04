"use client";
import Link from "next/link";
import { GroupLoad } from "#components/node-groups/group-load.tsx";
import { driverWords, policySentences, sizeWords } from "#components/node-groups/group-words.ts";
import { ScalingStory } from "#components/node-groups/scaling-story.tsx";
import { TitledCard } from "#components/ui/card.tsx";
import { KeyValueList } from "#components/ui/key-value-list.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { NodeGroupView } from "#lib/domain/node-group/schemas.ts";

/** A group: how busy it is, what its policy says, and its story. */
export function GroupDetail({ group }: { group: NodeGroupView }) {
  const { observed, scaling } = group;
  return (
    <div className="flex flex-col gap-4">
      {scaling !== null && observed?.problem ? (
        <Notice
          tone="warning"
          title={observed.nodes === null ? "This group cannot be scaled now" : "This group cannot get as big as it may"}
        >
          {observed.problem}
        </Notice>
      ) : null}
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <TitledCard title="Load" description="As the nodes last reported; the marks are the thresholds.">
          <GroupLoad group={group} />
        </TitledCard>
        <TitledCard title="Group">
          <KeyValueList
            items={[
              {
                label: "Nodes",
                value: (
                  <Link
                    href={`/nodes?group=${encodeURIComponent(group.name)}`}
                    prefetch={false}
                    className="text-accent-text hover:underline"
                  >
                    {sizeWords(group)}
                  </Link>
                ),
              },
              { label: "Started and ended by", value: <span className="break-all">{driverWords(group.driver)}</span> },
              {
                label: "Last looked at",
                value: <RelativeTime at={scaling === null ? null : (observed?.at ?? null)} />,
              },
              { label: "Changed", value: <RelativeTime at={group.updatedAt} /> },
            ]}
          />
        </TitledCard>
        <TitledCard title="Scaling policy" className="lg:col-span-2">
          {scaling === null ? (
            <p className="text-muted text-sm">None: the size of the group stays as it is.</p>
          ) : (
            <ul className="flex list-disc flex-col gap-1 pl-5 text-sm">
              {policySentences(scaling).map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
          )}
        </TitledCard>
      </div>
      <ScalingStory groupId={group.id} />
    </div>
  );
}
