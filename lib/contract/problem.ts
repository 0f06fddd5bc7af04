import { z } from "zod";

/** An RFC 9457 problem as the management API answers it; unknown members are dropped. */
export const Problem = z.object({
  type: z.string().default("about:blank"),
  title: z.string().default("The request was refused"),
  status: z.int(),
  detail: z.string().optional(),
  code: z.string().default("unknown"),
  requestId: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string(), code: z.string(), detail: z.string() })).default([]),
});
export type Problem = z.infer<typeof Problem>;

/** A refusal of the management API, thrown by whoever called it. Its message is for people to read. */
export class ApiProblem extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = "ApiProblem";
    this.problem = problem;
  }

  /** The HTTP status, which also tells a retrying caller whether trying again can help. */
  get status(): number {
    return this.problem.status;
  }

  get code(): string {
    return this.problem.code;
  }
}
