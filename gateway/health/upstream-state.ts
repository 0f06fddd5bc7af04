import type { UpstreamCredential } from "#gateway/snapshot/credentials.ts";
import type { CompiledUpstream } from "#gateway/snapshot/snapshot.ts";
import { CircuitBreaker } from "#lib/policy/circuit-breaker.ts";
import { CredentialState } from "./credential-state.ts";
import { type Tried, triedKey } from "./tried.ts";

/** What a node knows of one upstream: whether it can be connected to, and how its credentials fare. */
export class UpstreamState {
  upstream: CompiledUpstream;
  /** Opens when connections cannot be made. */
  readonly reach: CircuitBreaker;
  sinceMs = 0;
  reason = "";
  /** The probe's standing: how many in a row ended alike. */
  probeFailures = 0;
  probePasses = 0;
  probeAtMs = 0;
  isProbing = false;
  probeStanding: "passing" | "failing" | null = null;
  private readonly random: () => number;
  private list: readonly UpstreamCredential[] | null = null;
  private states: CredentialState[] = [];
  private turn = 0;

  constructor(upstream: CompiledUpstream, random: () => number) {
    this.upstream = upstream;
    this.random = random;
    this.reach = new CircuitBreaker(random);
  }

  /**
   * Takes over what credentials there are. One that is gone is forgotten, one with a new secret is begun anew. The list
   * stays the same object while nothing changes. Hot path.
   */
  credentials(list: readonly UpstreamCredential[]): readonly CredentialState[] {
    if (list === this.list) return this.states;
    const known = new Map(this.states.map((state) => [state.credential?.id, state]));
    const current: readonly (UpstreamCredential | null)[] = list.length === 0 ? [null] : list;
    this.states = current.map((credential) => {
      const before = known.get(credential?.id);
      const isSame = before !== undefined && before.credential?.secret === credential?.secret;
      return isSame ? before : new CredentialState(credential, this.random);
    });
    this.list = list;
    return this.states;
  }

  /** Whether a call to the target has a credential that is neither resting, limited nor tried before. Hot path. */
  hasCredential(list: readonly UpstreamCredential[], targetId: string, nowMs: number, tried: Tried): boolean {
    for (const state of this.credentials(list)) {
      if (state.admits(targetId, nowMs) && !isTried(state, targetId, tried)) return true;
    }
    return false;
  }

  /** The next such credential in turn, or null. */
  nextCredential(
    list: readonly UpstreamCredential[],
    targetId: string,
    nowMs: number,
    tried: Tried,
  ): CredentialState | null {
    const states = this.credentials(list);
    for (let step = 0; step < states.length; step++) {
      const state = states[(this.turn + step) % states.length];
      if (state === undefined || !state.admits(targetId, nowMs) || isTried(state, targetId, tried)) continue;
      this.turn = (this.turn + step + 1) % states.length;
      return state;
    }
    return null;
  }

  /** Any credential, whatever is known of it: for an upstream that is tried when everything is out. */
  anyCredential(list: readonly UpstreamCredential[]): CredentialState | null {
    const states = this.credentials(list);
    this.turn = (this.turn + 1) % Math.max(1, states.length);
    return states[this.turn] ?? null;
  }
}

function isTried(state: CredentialState, targetId: string, tried: Tried): boolean {
  return tried?.has(triedKey(targetId, state.credential?.id ?? null)) === true;
}
