import { type CxOptions, cx } from "class-variance-authority";
import { createTailwindMerge } from "tailwind-merge";
import { mergeConfig } from "#components/ui/merge-config.ts";

const merge = createTailwindMerge(() => mergeConfig);

/** Joins class names; of two that set the same property, the later one wins. */
export function classNames(...values: CxOptions): string {
  return merge(cx(values));
}
