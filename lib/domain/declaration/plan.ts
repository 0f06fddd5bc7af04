import { query } from "../verb.ts";
import { inDeclaration } from "./declared.ts";
import { planOf } from "./plan-of.ts";
import { DeclarationPlan, PlanDeclarationInput } from "./schemas.ts";

/** What applying a declaration would change, and what was changed by hand since it was last applied. Changes nothing. 409, 422. */
export const planDeclaration = query({
  name: "declaration.plan",
  permission: "declaration.read",
  input: PlanDeclarationInput,
  output: DeclarationPlan,
  async run(ctx, input) {
    return (await inDeclaration(() => planOf(ctx, input))).plan;
  },
});
