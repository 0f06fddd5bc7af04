import type { z } from "zod";
import type { Permission } from "../contract/permissions.ts";
import type { Tx } from "../db/client.ts";
import { databaseErrorCode } from "../db/error-code.ts";
import { type AuditFact, writeAudit } from "./audit/write.ts";
import { requirePermission } from "./authorize.ts";
import type { Context } from "./context.ts";
import { awaitDraft } from "./draft/lock.ts";
import { DomainError } from "./errors.ts";
import { lostRace } from "./etag.ts";
import { parseInput } from "./parse-input.ts";
import { inTransaction } from "./transaction.ts";

/**
 * A verb is one act on the domain: it declares its permission and its schemas, and can only be made by `query` and
 * `mutation`, which keep the order permission → parse → transaction → work → audit. Adapters read the declaration to
 * answer 401, 403 and 428 before they read a body.
 */
export interface Verb<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  (ctx: Context, input: z.input<I>): Promise<z.output<O>>;
  readonly verbName: string;
  readonly kind: "query" | "mutation";
  readonly permission: Permission;
  readonly input: I;
  readonly output: O;
}

interface Declaration<I extends z.ZodType, O extends z.ZodType> {
  /** `noun.verb`; a mutation's name is its action in the audit. */
  name: string;
  permission: Permission;
  input: I;
  output: O;
}

/** What a mutation gives back: its answer, and what the audit shall say. "unchanged" writes no entry. */
export interface Done<O> {
  output: O;
  audit: AuditFact | AuditFact[] | "unchanged";
}

/** A verb that reads. Runs in a transaction scoped to the actor. */
export function query<I extends z.ZodType, O extends z.ZodType>(
  declaration: Declaration<I, O> & { run(ctx: Context & { tx: Tx }, input: z.output<I>): Promise<z.output<O>> },
): Verb<I, O> {
  const call = async (ctx: Context, input: z.input<I>) => {
    requirePermission(ctx.actor, declaration.permission);
    const parsed = parseInput(declaration.input, input);
    return inTransaction(ctx, (tx) => declaration.run({ ...ctx, tx }, parsed));
  };
  return asVerb(call, declaration, "query");
}

/**
 * A verb that reads for seconds and says how far it is. Each of its reads is a transaction of its own, so that none is open
 * for long.
 */
export interface LongVerb<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> extends Verb<I, O> {
  /** Yields how far it is, and returns the answer. Whoever has heard enough calls `return`. */
  steps(ctx: Context, input: z.input<I>): AsyncGenerator<unknown, z.output<O>>;
}

/** Makes a verb that reads for seconds; called as any other verb it gives the answer alone. */
export function longQuery<I extends z.ZodType, O extends z.ZodType>(
  declaration: Declaration<I, O> & { run(ctx: Context, input: z.output<I>): AsyncGenerator<unknown, z.output<O>> },
): LongVerb<I, O> {
  const steps = async function* (ctx: Context, input: z.input<I>) {
    requirePermission(ctx.actor, declaration.permission);
    return yield* declaration.run(ctx, parseInput(declaration.input, input));
  };
  const call = async (ctx: Context, input: z.input<I>) => {
    const work = steps(ctx, input);
    for (;;) {
      const step = await work.next();
      if (step.done) return step.value;
    }
  };
  return Object.assign(asVerb(call, declaration, "query"), { steps });
}

/** A verb that changes something: the change and its audit entries commit together or not at all. */
export function mutation<I extends z.ZodType, O extends z.ZodType>(
  declaration: Declaration<I, O> & { run(ctx: Context & { tx: Tx }, input: z.output<I>): Promise<Done<z.output<O>>> },
): Verb<I, O> {
  const call = async (ctx: Context, input: z.input<I>) => {
    requirePermission(ctx.actor, declaration.permission);
    const parsed = parseInput(declaration.input, input);
    return explainingConflicts(ctx, async (tx) => {
      const inside = { ...ctx, tx };
      await awaitDraft(tx, declaration.permission);
      const { output, audit } = await declaration.run(inside, parsed);
      if (audit !== "unchanged") await writeAudit(inside, declaration.name, Array.isArray(audit) ? audit : [audit]);
      return output;
    });
  };
  return asVerb(call, declaration, "mutation");
}

/** Runs a mutation's transaction, telling a taken unique name and a lost race apart from a fault of ours. */
async function explainingConflicts<T>(ctx: Context, work: (tx: Tx) => Promise<T>): Promise<T> {
  try {
    return await inTransaction(ctx, work);
  } catch (error) {
    const code = databaseErrorCode(error);
    if (code === "unique_violation")
      throw new DomainError("name_taken", "Another one already has this name. Choose a different name.", [
        { pointer: "/name", code: "name_taken", detail: "is already in use" },
      ]);
    if (code === "serialization_failure") throw lostRace();
    throw error;
  }
}

function asVerb<I extends z.ZodType, O extends z.ZodType>(
  call: (ctx: Context, input: z.input<I>) => Promise<z.output<O>>,
  { name, permission, input, output }: Declaration<I, O>,
  kind: Verb["kind"],
): Verb<I, O> {
  return Object.assign(call, { verbName: name, kind, permission, input, output });
}
