/** Epochs count seconds from here, so that two restores of one backup never come to the same epoch. */
const EPOCH_ZERO_MS = Date.UTC(2020, 0, 1);

/** An epoch higher than any that a control plane of this installation can have had: at least the seconds since 2020. */
export function nextEpoch(before: number, now: Date): number {
  return Math.max(before + 1, Math.floor((now.getTime() - EPOCH_ZERO_MS) / 1_000));
}
