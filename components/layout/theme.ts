/** What the viewer chose; `system` follows the machine and needs no cookie. */
export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

export const themeCookie = "turnpike-theme";

/** The theme a cookie's value names; anything else is `system`. */
export function parseTheme(value: string | undefined): Theme {
  return themes.find((theme) => theme === value) ?? "system";
}

/** The class on `<html>` for a theme: none for `system`, where the stylesheet asks the machine. */
export function themeClass(theme: Theme): string {
  return theme === "system" ? "" : theme;
}
