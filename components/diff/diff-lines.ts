export type DiffLine = { kind: "same" | "removed" | "added"; text: string };

/** Above this many cells the table of the longest common subsequence would cost too much; the change is shown whole. */
const cellsMax = 4_000_000;

/** A line diff by longest common subsequence, common head and tail cut off first. */
export function diffLines(before: string, after: string): DiffLine[] {
  const left = before === "" ? [] : before.split("\n");
  const right = after === "" ? [] : after.split("\n");
  let head = 0;
  while (head < left.length && head < right.length && left[head] === right[head]) head += 1;
  let tail = 0;
  while (
    tail < left.length - head &&
    tail < right.length - head &&
    left[left.length - 1 - tail] === right[right.length - 1 - tail]
  ) {
    tail += 1;
  }
  return [
    ...left.slice(0, head).map(same),
    ...diffMiddle(left.slice(head, left.length - tail), right.slice(head, right.length - tail)),
    ...left.slice(left.length - tail).map(same),
  ];
}

const same = (text: string): DiffLine => ({ kind: "same", text });
const removed = (text: string): DiffLine => ({ kind: "removed", text });
const added = (text: string): DiffLine => ({ kind: "added", text });

function diffMiddle(left: readonly string[], right: readonly string[]): DiffLine[] {
  if (left.length === 0 || right.length === 0 || left.length * right.length > cellsMax) {
    return [...left.map(removed), ...right.map(added)];
  }
  const columns = right.length + 1;
  const lengths = new Uint32Array((left.length + 1) * columns);
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      const down = lengths[(i + 1) * columns + j] ?? 0;
      const across = lengths[i * columns + j + 1] ?? 0;
      const diagonal = lengths[(i + 1) * columns + j + 1] ?? 0;
      lengths[i * columns + j] = left[i] === right[j] ? diagonal + 1 : Math.max(down, across);
    }
  }
  return walkBack(left, right, lengths, columns);
}

function walkBack(
  left: readonly string[],
  right: readonly string[],
  lengths: Uint32Array,
  columns: number,
): DiffLine[] {
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    const leftText = left[i] ?? "";
    const rightText = right[j] ?? "";
    if (leftText === rightText) {
      lines.push(same(leftText));
      i += 1;
      j += 1;
    } else if ((lengths[(i + 1) * columns + j] ?? 0) >= (lengths[i * columns + j + 1] ?? 0)) {
      lines.push(removed(leftText));
      i += 1;
    } else {
      lines.push(added(rightText));
      j += 1;
    }
  }
  return [...lines, ...left.slice(i).map(removed), ...right.slice(j).map(added)];
}
