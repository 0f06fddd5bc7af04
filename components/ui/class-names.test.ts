import { describe, expect, it } from "vitest";
import { classNames } from "#components/ui/class-names.ts";

describe("classNames", () => {
  it.each([
    ["h-8 px-3", "h-10", "px-3 h-10"],
    ["px-2.5 py-1", "p-0", "p-0"],
    ["p-3", "px-1", "p-3 px-1"],
    ["size-4", "w-8", "size-4 w-8"],
    ["w-8 h-8", "size-4", "size-4"],
    ["text-sm text-muted", "text-xs text-danger", "text-xs text-danger"],
    ["text-sm text-left text-fg", "text-right", "text-sm text-fg text-right"],
    ["border border-line", "border-t border-control", "border border-t border-control"],
    ["border border-transparent border-b-2", "border-accent", "border border-b-2 border-accent"],
    [
      "rounded-md bg-surface font-medium",
      "rounded-full bg-transparent font-normal",
      "rounded-full bg-transparent font-normal",
    ],
    [
      "bg-center bg-surface bg-no-repeat bg-(image:--check)",
      "bg-accent",
      "bg-center bg-no-repeat bg-(image:--check) bg-accent",
    ],
    ["hover:bg-hover bg-surface", "hover:bg-subtle", "bg-surface hover:bg-subtle"],
    ["max-md:w-auto w-40", "w-full", "max-md:w-auto w-full"],
    ["flex items-center", "hidden md:flex", "items-center hidden md:flex"],
    ["max-w-72", "max-w-none min-w-0", "max-w-none min-w-0"],
    ["w-(--radix-popover-trigger-width) z-50", "w-[calc(100vw-1rem)]", "z-50 w-[calc(100vw-1rem)]"],
  ])("%j and then %j is %j", (first, second, both) => expect(classNames(first, second)).toBe(both));

  it("drops what is not a class", () => expect(classNames("a", false, undefined, null, ["b"])).toBe("a b"));
});
