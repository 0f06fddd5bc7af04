import type { DirectoryChange, DirectoryConsumer } from "#lib/contract/directory.ts";
import { KeyTable } from "./key-table.ts";

/** More teams and plans than this are kept as often as they are named. */
const SHARED_IDS_MAX = 50_000;

/** One whole state of the directory: who may call, and with which keys. */
export class DirectoryState {
  readonly consumers = new Map<string, DirectoryConsumer>();
  readonly keys = new KeyTable();
  /** The last purge of each route's cache, by route id: part of every key. */
  readonly cachePurges = new Map<string, string>();
  private readonly sharedIds = new Map<string, string>();
  /** The sequence of the last change in it. */
  cursor = 0;
  /** The control plane's epoch that its sequences belong to; 0 before the first. */
  epoch = 0;

  apply(change: DirectoryChange): void {
    if (change.kind === "consumer") {
      if (change.body === null) this.consumers.delete(change.id);
      else this.consumers.set(change.id, this.shared(change.body));
    } else if (change.kind === "routeCache") {
      if (change.body === null) this.cachePurges.delete(change.id);
      else this.cachePurges.set(change.id, change.body.purgeId);
    } else if (change.body === null) this.keys.delete(change.id);
    else this.keys.set(change.id, change.body);
  }

  /** The same consumer, whose team and plan are the very strings that others of them have: there are few. */
  private shared(consumer: DirectoryConsumer): DirectoryConsumer {
    return { ...consumer, teamId: this.oneOf(consumer.teamId), planId: this.oneOf(consumer.planId) };
  }

  private oneOf(id: string): string {
    const known = this.sharedIds.get(id);
    if (known !== undefined) return known;
    if (this.sharedIds.size >= SHARED_IDS_MAX) return id;
    this.sharedIds.set(id, id);
    return id;
  }
}

/** A `directory` message of the stream. */
export interface DirectoryMessage {
  readonly reset: boolean;
  readonly changes: readonly DirectoryChange[];
  readonly cursor: number;
  readonly head: number;
}

/**
 * The directory lane on the node: who may call, in memory, fed by the control plane's ordered log. After a reset the new
 * state is gathered aside and takes the old one's place when it is complete, so that nobody is refused meanwhile.
 */
export class Directory {
  private state = new DirectoryState();
  private staged: DirectoryState | null = null;
  private reachedHead = false;
  /** Told after every change, so that it can be written to disk. */
  private readonly onChange: (changes: readonly DirectoryChange[]) => void;

  constructor(onChange: (changes: readonly DirectoryChange[]) => void) {
    this.onChange = onChange;
  }

  /** The state in force. Hot path: read once per call. */
  get current(): DirectoryState {
    return this.state;
  }

  /** Whether it has been whole once: before that, an unknown key may only be one that has not arrived yet. */
  get isComplete(): boolean {
    return this.reachedHead;
  }

  /** Takes a state that was read from disk. */
  restore(state: DirectoryState): void {
    this.state = state;
    this.reachedHead = true;
  }

  /** A connection begins: where there is nothing to send, no message will say that the directory is whole. */
  connected(epoch: number, head: number): void {
    if (head !== 0 || this.state.cursor !== 0) return;
    this.state.epoch = epoch;
    this.reachedHead = true;
  }

  /** Applies a message of the connection whose `hello` named this epoch. Changes arrive in order. */
  receive(message: DirectoryMessage, epoch: number): void {
    if (message.reset) {
      this.staged = new DirectoryState();
      this.staged.epoch = epoch;
    }
    const into = this.staged ?? this.state;
    for (const change of message.changes) into.apply(change);
    into.cursor = message.cursor;
    if (this.staged === null) into.epoch = epoch;
    if (message.cursor >= message.head) {
      if (this.staged !== null) this.state = this.staged;
      this.staged = null;
      this.reachedHead = true;
    }
    if (this.staged === null) this.onChange(message.changes);
  }

  /** A connection ended: what was gathered aside is incomplete, and the next connection starts it again. */
  connectionLost(): void {
    this.staged = null;
  }
}
