/** The box of the field for a path inside the form, where the form shows one. */
export function fieldElement(form: HTMLFormElement | null, path: string): HTMLElement | null {
  return form?.querySelector<HTMLElement>(`[data-field="${CSS.escape(path)}"]`) ?? null;
}

/** The box of a field, also where the message is about a list as a whole. */
export function boxOf(form: HTMLFormElement | null, path: string): HTMLElement | null {
  return fieldElement(form, path.replace(/\.root$/, ""));
}

/** What a field is called on the page, with the row it stands in ("Limit 2, At most"); empty where it has no name. */
export function fieldName(form: HTMLFormElement | null, path: string): string {
  const box = boxOf(form, path);
  const own = box?.querySelector("legend, label")?.textContent?.replace(/ \(optional\)$/, "") ?? "";
  const row = /^(.*\.\d+)\.\w+$/.exec(path)?.[1];
  const legend = row === undefined ? "" : (boxOf(form, row)?.querySelector("legend")?.textContent ?? "");
  return [legend, own].filter(Boolean).join(", ");
}

/** A field that the form does not show at the moment, by its path: `rateLimits.0.limit` → "rate limits 1, limit". */
export function pathWords(path: readonly string[]): string {
  const words = path.map((name) =>
    /^\d+$/.test(name) ? String(Number(name) + 1) : name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
  );
  return words.reduce((text, word) => (/^\d+$/.test(word) ? `${text} ${word}` : `${text}, ${word}`));
}
