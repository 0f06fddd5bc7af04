/** Runs once when the control plane's server starts: the one place where background work begins. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { startControlPlane } = await import("#lib/jobs/index.ts");
  await startControlPlane();
}
