import { z } from "zod";

/** How a sign-in ended. "refused" covers a wrong password, an unknown or disabled account, and a paused one alike. */
export type SignInOutcome = "signedIn" | "refused" | "tooMany" | "unreachable";

const CsrfAnswer = z.object({ csrfToken: z.string() });
const CallbackAnswer = z.object({ url: z.string() });

/** Signs in with e-mail and password through next-auth's credentials callback; the cookie comes with the answer. */
export async function signIn(credentials: { email: string; password: string }): Promise<SignInOutcome> {
  try {
    const response = await postForm("/api/auth/callback/credentials", credentials);
    const answer = CallbackAnswer.safeParse(await response.json().catch(() => null));
    if (response.ok && answer.success) return "signedIn";
    if (response.status !== 401 || !answer.success) return response.status === 429 ? "tooMany" : "unreachable";
    return new URL(answer.data.url, window.location.origin).searchParams.get("error") === "TooManyAttempts"
      ? "tooMany"
      : "refused";
  } catch {
    return "unreachable";
  }
}

/** Ends this session and goes to the sign-in page. Rejects where the control plane does not answer. */
export async function signOut(): Promise<void> {
  const response = await postForm("/api/auth/signout", {});
  if (!response.ok) throw new Error(`The sign-out was answered with ${response.status}`);
  window.location.assign("/sign-in");
}

async function postForm(path: string, fields: Record<string, string>): Promise<Response> {
  const signal = AbortSignal.timeout(30_000);
  const csrf = await fetch("/api/auth/csrf", { cache: "no-store", signal });
  const { csrfToken } = CsrfAnswer.parse(await csrf.json());
  const body = new URLSearchParams({ ...fields, csrfToken, json: "true" });
  return fetch(path, { method: "POST", body, signal });
}
