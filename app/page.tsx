import { redirect } from "next/navigation";
import { currentSession } from "#lib/auth/require-session.ts";

/** The front door: to the first page the person may see, or to the sign-in page. */
export default async function Home(): Promise<never> {
  const session = await currentSession();
  if (!session) redirect("/sign-in");
  redirect(session.actor.permissions.has("usage.read") ? "/overview" : "/account");
}
