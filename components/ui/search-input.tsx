"use client";
import { Search, X } from "lucide-react";
import { type ComponentProps, useRef } from "react";
import { classNames } from "#components/ui/class-names.ts";
import { controlClasses } from "#components/ui/input.tsx";

type SearchInputProps = Omit<ComponentProps<"input">, "value" | "onChange"> & {
  /** Read by screen readers; also the placeholder unless one is given. */
  label: string;
  value: string;
  onValueChange: (value: string) => void;
};

/** A search box that `/` focuses (the page's first one) and Escape clears. */
export function SearchInput({ label, value, onValueChange, className, placeholder, ...props }: SearchInputProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className={classNames("relative w-full max-w-72", className)}>
      <Search className="pointer-events-none absolute top-2 left-2.5 size-4 text-faint" aria-hidden />
      <input
        ref={input}
        type="search"
        data-search-focus=""
        aria-label={label}
        placeholder={placeholder ?? label}
        value={value}
        onChange={(event) => onValueChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && value !== "") {
            event.preventDefault();
            onValueChange("");
          }
        }}
        className={classNames(controlClasses, "h-8 px-8")}
        {...props}
      />
      {value === "" ? null : (
        <button
          type="button"
          aria-label="Clear search"
          className="absolute top-1 right-1 grid size-6 place-items-center rounded-sm text-faint hover:bg-hover hover:text-fg"
          onClick={() => {
            onValueChange("");
            input.current?.focus();
          }}
        >
          <X className="size-3.5" aria-hidden />
        </button>
      )}
    </div>
  );
}
