/** An event as it lies in the spool: its JSON is sent as it is. */
export interface SpooledEvent {
  readonly sequence: number;
  readonly payload: Buffer;
}

/** Where the reporter takes events from: the spool in use, or one that an earlier process left. */
export interface EventSource {
  readonly incarnation: string;
  /** Up to `max` events in the order of their sequence that were not acknowledged yet; none when there is nothing now. */
  peek(max: number): Promise<readonly SpooledEvent[]>;
  /** The control plane has committed everything up to here. */
  acknowledge(throughSequence: number): Promise<void>;
  /** The control plane will never take this event: it is put aside, not dropped. */
  quarantine(event: SpooledEvent): Promise<void>;
}
