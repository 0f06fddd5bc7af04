import { z } from "zod";

/** What a node of this machine tells the supervisor that it shares its port under. */
export const ToSupervisor = z.discriminatedUnion("kind", [
  /** The control plane wants so many nodes here; null: as many as were asked for at the start. */
  z.strictObject({ kind: z.literal("wanted"), nodes: z.int().min(1).nullable() }),
  /** What came of `askForJoinToken`; null: the control plane gives none. */
  z.strictObject({ kind: z.literal("joinToken"), token: z.string().nullable() }),
]);
export type ToSupervisor = z.infer<typeof ToSupervisor>;

/** What the supervisor tells one of its nodes. */
export const ToNode = z.strictObject({ kind: z.literal("askForJoinToken") });
export type ToNode = z.infer<typeof ToNode>;
