/** What happens at a later moment of the virtual clock. */
interface Ending<T> {
  readonly atMs: number;
  readonly what: T;
}

/** Calls under way by when they end: a binary heap, so that the earliest is found at once. */
export class Endings<T> {
  private readonly heap: Ending<T>[] = [];

  add(atMs: number, what: T): void {
    const { heap } = this;
    let place = heap.length;
    heap.push({ atMs, what });
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if ((heap[parent]?.atMs ?? 0) <= atMs) break;
      this.swap(place, parent);
      place = parent;
    }
  }

  /** Takes out the earliest ending that is not after a moment; null when there is none. */
  next(untilMs: number): Ending<T> | null {
    const { heap } = this;
    const first = heap[0];
    if (first === undefined || first.atMs > untilMs) return null;
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) {
      heap[0] = last;
      this.sink();
    }
    return first;
  }

  private sink(): void {
    const { heap } = this;
    for (let place = 0; ; ) {
      const left = place * 2 + 1;
      const right = left + 1;
      let least = place;
      if (left < heap.length && this.atMs(left) < this.atMs(least)) least = left;
      if (right < heap.length && this.atMs(right) < this.atMs(least)) least = right;
      if (least === place) return;
      this.swap(place, least);
      place = least;
    }
  }

  private atMs(place: number): number {
    return this.heap[place]?.atMs ?? Number.POSITIVE_INFINITY;
  }

  private swap(one: number, other: number): void {
    const { heap } = this;
    const [first, second] = [heap[one], heap[other]];
    if (first === undefined || second === undefined) return;
    heap[one] = second;
    heap[other] = first;
  }
}
