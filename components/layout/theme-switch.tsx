"use client";
import { Monitor, Moon, Sun } from "lucide-react";
import { useState } from "react";
import { type Theme, themeClass, themeCookie, themes } from "#components/layout/theme.ts";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";

const yearSeconds = 31_536_000;

const segments = [
  { value: "system", label: <Monitor aria-hidden />, name: "System theme" },
  { value: "light", label: <Sun aria-hidden />, name: "Light theme" },
  { value: "dark", label: <Moon aria-hidden />, name: "Dark theme" },
] as const satisfies readonly { value: Theme; label: React.ReactNode; name: string }[];

/** Puts a theme on the page at once and into the cookie that the server reads for the next one. */
export function applyTheme(theme: Theme): void {
  const root = document.documentElement;
  root.classList.remove(...themes);
  if (themeClass(theme) !== "") root.classList.add(themeClass(theme));
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser we support
  document.cookie = `${themeCookie}=${theme}; path=/; max-age=${theme === "system" ? 0 : yearSeconds}; samesite=lax`;
}

/** System, light or dark. `initial` is what the server read from the cookie. */
export function ThemeSwitch({ initial }: { initial: Theme }) {
  const [theme, setTheme] = useState(initial);
  return (
    <SegmentedControl
      label="Theme"
      segments={segments}
      value={theme}
      onValueChange={(chosen) => {
        setTheme(chosen);
        applyTheme(chosen);
      }}
    />
  );
}
