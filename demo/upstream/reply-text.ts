// What the demo model says: short, polite, and honest about being a demo. The same question always gets the same answer.
import { hashText, seededRandom } from "./seeded-hash.ts";

const WORDS_MAX = 100_000;
const SCANNED_CHARS_MAX = 4_000;
const SUMMARY_CHARS_MAX = 120;

const OPENINGS = [
  "Hello, this is the Turnpike demo model.",
  "Thank you for asking the Turnpike demo model.",
  "The Turnpike demo model here, happy to help.",
  "You have reached the demo model that ships with Turnpike.",
];
const BODIES = [
  "I am not a real language model, so take this as a sample of what an answer looks like on its way through the gateway.",
  "No real model was involved: this text is made up locally, and it is the same every time you ask.",
  "A real upstream would now reason about that; I only show that the call was routed, metered and answered.",
  "Connect a real provider under Upstreams and the same call will be answered by its model instead.",
];
const GREETINGS = [
  "How are you today? Ask me anything, and I will answer in the shape of a real model.",
  "Nice to meet you. Try a streamed call next, or ask me to write 200 words.",
];
const CLOSINGS = [
  "You can find this call, with its tokens and its cost, on the Requests page.",
  "The tokens of this answer are already on their way to the Usage page.",
  "Is there anything else you would like to try?",
  "Every word of it was counted exactly.",
];
const SUBJECTS = ["The gateway", "A route", "Each request", "The plan", "A careful operator", "The demo model"];
const VERBS = ["measures", "forwards", "explains", "protects", "records", "balances", "answers", "keeps"];
const OBJECTS = ["every call", "the budget", "a steady stream", "the next target", "each token", "a clear limit"];
const ENDINGS = [
  "without haste",
  "in good order",
  "for the whole team",
  "until the quota ends",
  "as agreed",
  "by design",
];

function pick(list: readonly string[], random: () => number): string {
  return list[Math.floor(random() * list.length)] ?? "";
}

/** One line of at most 120 characters that restates `text`. */
function summarize(text: string): string {
  const line = text
    .slice(0, SUMMARY_CHARS_MAX * 4)
    .replace(/\s+/g, " ")
    .trim();
  if (line.length <= SUMMARY_CHARS_MAX) return line;
  const cut = line.lastIndexOf(" ", SUMMARY_CHARS_MAX);
  return `${line.slice(0, cut > 0 ? cut : SUMMARY_CHARS_MAX)}...`;
}

/** The number of words a prompt asks for ("write 300 words", "a 50-word poem"), at most 100,000; undefined if none. */
function wordsWanted(question: string): number | undefined {
  const found = /\b(\d{1,6})[ -]words?\b/i.exec(question.slice(-SCANNED_CHARS_MAX));
  if (found?.[1] === undefined) return undefined;
  return Math.min(Number(found[1]), WORDS_MAX);
}

/** Exactly `count` words of harmless prose. */
function composeWords(count: number, random: () => number): string {
  const words: string[] = [];
  while (words.length < count) {
    const sentence = `${pick(SUBJECTS, random)} ${pick(VERBS, random)} ${pick(OBJECTS, random)} ${pick(ENDINGS, random)}.`;
    words.push(...sentence.split(" "));
  }
  return words.slice(0, count).join(" ");
}

/** The demo model's answer to `question`. `variant` makes the choices of one call (`n`) differ from each other. */
export function composeReply(question: string, variant: number): string {
  const random = seededRandom(hashText(question.slice(-SCANNED_CHARS_MAX), variant));
  const wanted = wordsWanted(question);
  if (wanted !== undefined) return composeWords(wanted, random);
  const opening = pick(OPENINGS, random);
  if (question.trim() === "") return `${opening} ${pick(BODIES, random)} ${pick(CLOSINGS, random)}`;
  if (/^\s*(hi|hello|hey|good (morning|evening|day))\b/i.test(question) && question.length < 40) {
    return `${opening} ${pick(GREETINGS, random)}`;
  }
  return `${opening} You asked: "${summarize(question)}" ${pick(BODIES, random)} ${pick(CLOSINGS, random)}`;
}

/** The demo model's answer once tools have run: it repeats what they said. */
export function composeToolReply(results: readonly string[], variant: number): string {
  const random = seededRandom(hashText(results.join("\n").slice(-SCANNED_CHARS_MAX), variant));
  const said = results.map((result) => `"${summarize(result)}"`).join(" and ");
  return `${pick(OPENINGS, random)} The tool answered ${said}. ${pick(CLOSINGS, random)}`;
}
