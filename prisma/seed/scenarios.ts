/** What `npm run seed` can make. */
export const SCENARIOS: readonly string[] = ["demo"];
