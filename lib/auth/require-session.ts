import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import type { Context } from "../domain/context.ts";
import { bySession } from "./authenticate.ts";
import { occasionOf } from "./occasion.ts";
import { PAGE_PATH_HEADER } from "./page-path.ts";

/** Who is signed in, for a server component; null for nobody. Asked once per rendered request. */
export const currentSession = cache(async (): Promise<Context | null> => {
  const sent = await headers();
  return (await bySession(sent, occasionOf(sent)))?.ctx ?? null;
});

/** The context of the signed-in person, for calling domain reads. Leads to the sign-in page and back when there is none. */
export async function requireSession(): Promise<Context> {
  return (await currentSession()) ?? redirect(await signInAddress());
}

async function signInAddress(): Promise<string> {
  const path = (await headers()).get(PAGE_PATH_HEADER);
  return path === null ? "/sign-in" : `/sign-in?callbackUrl=${encodeURIComponent(path)}`;
}
