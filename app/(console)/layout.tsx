import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { parseTheme, themeCookie } from "#components/layout/theme.ts";
import { ConsoleShell } from "#components/shell/console-shell.tsx";
import { requireSession } from "#lib/auth/require-session.ts";
import { getMe } from "#lib/domain/me/index.ts";

/** Every page inside needs a session; what is in the frame follows the role. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const viewer = await getMe(await requireSession(), {});
  const theme = parseTheme((await cookies()).get(themeCookie)?.value);
  return (
    <ConsoleShell viewer={viewer} theme={theme}>
      {children}
    </ConsoleShell>
  );
}
