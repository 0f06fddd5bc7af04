import { GeistMono } from "geist/font/mono";
import { GeistSans } from "geist/font/sans";
import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { Providers } from "#components/layout/providers.tsx";
import { parseTheme, themeClass, themeCookie } from "#components/layout/theme.ts";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Turnpike", template: "%s · Turnpike" },
  description: "The console of an AI gateway with exact policies.",
  icons: { icon: [{ url: "/icon.svg", type: "image/svg+xml" }] },
};

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#fafbfc" },
    { media: "(prefers-color-scheme: dark)", color: "#0b0c0f" },
  ],
};

/** The document: fonts from the package, and the theme's class from a cookie, so that no script has to run first. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = parseTheme((await cookies()).get(themeCookie)?.value);
  return (
    <html lang="en" className={`${GeistSans.variable} ${GeistMono.variable} ${themeClass(theme)}`}>
      <body>
        <Providers>{children}</Providers>
      </body>
    </html>
  );
}
