import Link from "next/link";
import { Notice } from "#components/ui/notice.tsx";
import type { DraftProblem } from "#lib/domain/draft/schemas.ts";

/** What stands in the way of publishing, each with the way to where it is mended. */
export function DraftProblems({ problems }: { problems: readonly DraftProblem[] }) {
  if (problems.length === 0) return null;
  const title = problems.length === 1 ? "A problem blocks publishing" : `${problems.length} problems block publishing`;
  return (
    <Notice tone="warning" title={title} className="mb-3">
      <ul className="mt-1 flex flex-col gap-1.5">
        {problems.map((problem) => (
          <li key={`${problem.resource} ${problem.id} ${problem.pointer} ${problem.code}`}>
            <Link
              href={placeOf(problem)}
              prefetch={false}
              className="font-medium underline decoration-1 underline-offset-2"
            >
              {problem.resource} {problem.name}
            </Link>
            : {problem.detail}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** A plan that is taken out and still has consumers is mended at the consumers; everything else at the thing itself. */
function placeOf({ resource, id, code }: DraftProblem): string {
  return code === "plan_in_use" ? `/consumers?planId=${id}` : `/${resource}s/${id}`;
}
