import type { Config } from "tailwind-merge";

const any = () => true;
const isImage = (value: string) => value === "none" || value.startsWith("(image:") || value.startsWith("[url(");
const sizes = ["2xs", "xs", "sm", "base", "lg", "xl", "2xl"];
const sides = ["", "x", "y", "t", "r", "b", "l"] as const;

/** One group per side, and which narrower sides a wider one overrules. */
function sided(name: "p" | "m") {
  return Object.fromEntries(sides.map((side) => [`${name}${side}`, [{ [`${name}${side}`]: [any] }]]));
}

function overruled(name: "p" | "m") {
  return {
    [name]: ["x", "y", "t", "r", "b", "l"].map((side) => `${name}${side}`),
    [`${name}x`]: [`${name}r`, `${name}l`],
    [`${name}y`]: [`${name}t`, `${name}b`],
  };
}

/**
 * The utilities that a caller may overrule on a component here. The library's own table of all utilities weighs more
 * than all the components that would need it; what is not listed is simply kept, in the stylesheet's order.
 */
export const mergeConfig: Config<string, string> = {
  cacheSize: 500,
  theme: {},
  classGroups: {
    display: ["block", "inline-block", "inline", "flex", "inline-flex", "grid", "inline-grid", "hidden", "contents"],
    position: ["static", "fixed", "absolute", "relative", "sticky"],
    w: [{ w: [any] }],
    h: [{ h: [any] }],
    size: [{ size: [any] }],
    minW: [{ "min-w": [any] }],
    maxW: [{ "max-w": [any] }],
    minH: [{ "min-h": [any] }],
    maxH: [{ "max-h": [any] }],
    ...sided("p"),
    ...sided("m"),
    gap: [{ gap: [any] }],
    fontSize: [{ text: sizes }],
    textAlign: [{ text: ["left", "center", "right", "start", "end"] }],
    textWrap: [{ text: ["wrap", "nowrap", "balance", "pretty"] }],
    textColor: [{ text: [any] }],
    fontFamily: [{ font: ["sans", "mono"] }],
    fontWeight: [{ font: [any] }],
    whitespace: [{ whitespace: [any] }],
    backgroundPosition: [{ bg: ["center"] }],
    backgroundRepeat: [{ bg: ["no-repeat"] }],
    backgroundImage: [{ bg: [isImage] }],
    background: [{ bg: [any] }],
    borderWidth: [{ border: ["", "0", "2"] }],
    ...Object.fromEntries(
      ["x", "y", "t", "r", "b", "l"].map((side) => [`border-${side}`, [{ [`border-${side}`]: ["", "0", "2"] }]]),
    ),
    borderColor: [{ border: [any] }],
    rounded: [{ rounded: ["", any] }],
    items: [{ items: [any] }],
    justify: [{ justify: [any] }],
    direction: [{ flex: ["row", "col", "row-reverse", "col-reverse"] }],
    shadow: [{ shadow: [any] }],
    overflow: [{ overflow: [any] }],
    opacity: [{ opacity: [any] }],
  },
  conflictingClassGroups: { size: ["w", "h"], ...overruled("p"), ...overruled("m") },
  conflictingClassGroupModifiers: {},
  orderSensitiveModifiers: ["before", "after", "placeholder"],
};
