/** How often what several people edit is asked for while somebody looks at it: they see each other's changes. */
export const liveEveryMs = 5_000;
