// Stops what was started, last first, on a signal, on a failure, or when our parent dies (lifeline.mjs makes that a
// SIGTERM). Nothing may be started once it has begun.

/** Runs once, whatever asks for it. */
export class Shutdown {
  readonly #stops: (() => Promise<void> | void)[] = [];
  #ending: Promise<void> | null = null;

  /** Whether it has begun. */
  get hasBegun(): boolean {
    return this.#ending !== null;
  }

  /** Registers how to undo what has just been done. */
  add(stop: () => Promise<void> | void): void {
    this.#stops.push(stop);
  }

  /** Undoes everything, last first. A failing step is said and does not keep the others from running. */
  run(): Promise<void> {
    this.#ending ??= this.#undo();
    return this.#ending;
  }

  async #undo(): Promise<void> {
    for (let stop = this.#stops.pop(); stop; stop = this.#stops.pop()) {
      try {
        await stop();
      } catch (error) {
        process.stderr.write(`${String(error)}\n`);
      }
    }
  }

  /** Makes the signals stop everything and end the process; a second one, a second later, ends it at once. */
  listen(say: (line: string) => void): void {
    let firstMs = 0;
    const onSignal = () => {
      if (firstMs > 0) {
        if (performance.now() - firstMs > 1_000) process.exit(1);
        return;
      }
      firstMs = performance.now();
      say("Stopping …");
      void this.run().then(() => {
        say("Stopped.");
        process.exit(0);
      });
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
  }
}
