import { hash, verify } from "@node-rs/argon2";

/** Argon2id at the least that OWASP recommends: 19 MiB, two passes, one lane (about 30 ms). */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** At most so many hashes wait for a thread at once; past it a sign-in is refused instead of piling up memory. */
const RUNNING_MAX = 64;
let running = 0;

/** Thrown when too many passwords are being checked at this moment. */
export class PasswordCheckBusy extends Error {
  constructor() {
    super("Too many passwords are being checked at once");
    this.name = "PasswordCheckBusy";
  }
}

/** Hashes a password for storing, in PHC form with its own salt. Throws `PasswordCheckBusy`. */
export function hashPassword(password: string): Promise<string> {
  return bounded(() => hash(password, COST));
}

/**
 * Whether a password fits a stored hash. With no hash (no such account) it does the same work and says no, so that
 * the time taken tells nothing. Throws `PasswordCheckBusy`.
 */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  const against = passwordHash ?? (await dummyHash());
  const fits = await bounded(() => verify(against, password));
  return fits && passwordHash !== null;
}

let dummy: Promise<string> | undefined;

function dummyHash(): Promise<string> {
  dummy ??= hash("nobody has this password", COST);
  return dummy;
}

async function bounded<T>(work: () => Promise<T>): Promise<T> {
  if (running >= RUNNING_MAX) throw new PasswordCheckBusy();
  running++;
  try {
    return await work();
  } finally {
    running--;
  }
}
