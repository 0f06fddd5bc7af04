import type { ForwardedAction } from "#lib/contract/action.ts";
import type { CallerDialect } from "./dialect.ts";

/** The dialect each generation is asked in: an action that is not here is never translated. */
export const CALLER_DIALECTS: Readonly<Partial<Record<ForwardedAction, CallerDialect>>> = {};
