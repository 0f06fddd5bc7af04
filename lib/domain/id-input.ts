import { z } from "zod";
import { Id } from "../contract/names.ts";

/** Input of a verb about one thing. */
export const IdInput = z.strictObject({ id: Id });
