"use client";
import { CalendarClock, ChevronDown } from "lucide-react";
import { useId, useRef, useState } from "react";
import {
  type DateRange,
  fromLocalInput,
  presetLabels,
  rangePresets,
  rangeProblem,
  toLocalInput,
} from "#components/date-range/date-range.ts";
import type { DateRangeState } from "#components/date-range/use-date-range.ts";
import { formatTimestamp } from "#components/format/time.ts";
import { Button } from "#components/ui/button.tsx";
import { CheckboxField } from "#components/ui/checkbox.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { FieldError } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Popup, preloadPopup } from "#components/ui/popup.tsx";
import { useNow } from "#components/ui/use-now.ts";

/** The page's range: spans up to now, a custom one, and the comparison. Feed it `useDateRange()`. */
export function DateRangePicker({ state, isComparable = true }: { state: DateRangeState; isComparable?: boolean }) {
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  const isHydrated = useNow() !== null;
  return (
    <>
      <Button
        ref={button}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-label={`Time range: ${rangeLabel(state.range, isHydrated)}`}
        onPointerEnter={preloadPopup}
        onFocus={preloadPopup}
        onClick={() => setOpen(!isOpen)}
      >
        <CalendarClock aria-hidden className="text-faint" />
        <span className="num">{rangeLabel(state.range, isHydrated)}</span>
        {state.isCompared ? <span className="font-normal text-muted">vs. previous</span> : null}
        <ChevronDown aria-hidden className="text-faint" />
      </Button>
      <Popup
        button={button}
        isOpen={isOpen}
        onOpenChange={setOpen}
        label="Time range"
        align="end"
        className="w-[22rem] p-0"
      >
        <div className="grid grid-cols-2 gap-0.5 p-1.5">
          {rangePresets.map((preset) => {
            const isChosen = state.range.kind === "preset" && state.range.preset === preset;
            return (
              <button
                key={preset}
                type="button"
                aria-pressed={isChosen}
                className={classNames(
                  "rounded-md px-2.5 py-1.5 text-left text-sm hover:bg-hover",
                  isChosen && "bg-accent-soft font-medium text-accent-text",
                )}
                onClick={() => {
                  state.setPreset(preset);
                  setOpen(false);
                }}
              >
                {presetLabels[preset]}
              </button>
            );
          })}
        </div>
        <CustomRange state={state} onDone={() => setOpen(false)} />
        {isComparable ? (
          <div className="border-line border-t px-3 py-2.5">
            <CheckboxField
              label="Compare with the period before"
              checked={state.isCompared}
              onCheckedChange={state.setCompared}
            />
          </div>
        ) : null}
      </Popup>
    </>
  );
}

function CustomRange({ state, onDone }: { state: DateRangeState; onDone: () => void }) {
  const id = useId();
  const [from, setFrom] = useState(state.resolved ? toLocalInput(state.resolved.fromMs) : "");
  const [to, setTo] = useState(state.resolved ? toLocalInput(state.resolved.toMs) : "");
  const [problem, setProblem] = useState<string | null>(null);
  const apply = () => {
    const fromMs = fromLocalInput(from);
    const toMs = fromLocalInput(to);
    const found = rangeProblem(fromMs, toMs);
    setProblem(found);
    if (found !== null || fromMs === null || toMs === null) return;
    state.setFixed(fromMs, toMs);
    onDone();
  };
  return (
    <form
      className="flex flex-col gap-2 border-line border-t p-3"
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <div className="grid grid-cols-[3rem_1fr] items-center gap-2 text-sm">
        <label htmlFor={`${id}-from`}>From</label>
        <Input id={`${id}-from`} type="datetime-local" value={from} onChange={(event) => setFrom(event.target.value)} />
        <label htmlFor={`${id}-to`}>To</label>
        <Input id={`${id}-to`} type="datetime-local" value={to} onChange={(event) => setTo(event.target.value)} />
      </div>
      {problem ? <FieldError message={problem} /> : null}
      <div className="flex items-center justify-between">
        <span className="text-faint text-xs">Your time zone</span>
        <Button type="submit" size="sm">
          Apply
        </Button>
      </div>
    </form>
  );
}

function rangeLabel(range: DateRange, isHydrated: boolean): string {
  if (range.kind === "preset") return presetLabels[range.preset];
  if (!isHydrated) return "Custom range";
  const short = (atMs: number) => formatTimestamp(atMs).replace(/:\d\d$/, "");
  return `${short(range.fromMs)} – ${short(range.toMs)}`;
}
