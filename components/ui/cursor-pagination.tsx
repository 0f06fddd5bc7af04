"use client";
import { ChevronLeft, ChevronRight, ChevronsLeft } from "lucide-react";
import { Button } from "#components/ui/button.tsx";

/** Pages of a list that only knows its next cursor. `shown` is the row count of this page. */
export function CursorPagination({
  shown,
  isFirstPage,
  hasPrevious,
  hasNext,
  onFirst,
  onPrevious,
  onNext,
}: {
  shown: number;
  isFirstPage: boolean;
  hasPrevious: boolean;
  hasNext: boolean;
  onFirst: () => void;
  onPrevious: () => void;
  onNext: () => void;
}) {
  return (
    <nav aria-label="Pages" className="flex items-center justify-between gap-2 px-3 py-2 text-muted text-xs">
      <span className="num">{shown === 1 ? "1 row" : `${shown} rows`}</span>
      {isFirstPage && !hasNext ? null : (
        <span className="flex items-center gap-1">
          <Button variant="ghost" size="icon-sm" aria-label="First page" disabled={isFirstPage} onClick={onFirst}>
            <ChevronsLeft aria-hidden />
          </Button>
          <Button size="sm" disabled={!hasPrevious} onClick={onPrevious}>
            <ChevronLeft aria-hidden />
            Previous
          </Button>
          <Button size="sm" disabled={!hasNext} onClick={onNext}>
            Next
            <ChevronRight aria-hidden />
          </Button>
        </span>
      )}
    </nav>
  );
}
