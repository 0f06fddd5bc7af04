/** How the calls by status are asked for, on the server and in the browser alike. */
export const statusGroups = { groupBy: "status", limit: 40 } as const;

export const overviewDescription =
  "Calls, errors, latency and cost. Drag over a chart to zoom; click it to see the calls.";
