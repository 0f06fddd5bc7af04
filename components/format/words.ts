/** Words as they stand at the beginning of a line: "no connection" → "No connection". */
export function sentenceCase(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
