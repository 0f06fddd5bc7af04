import type { AnswerKey } from "./answer-cache.ts";
import type { KeptAnswer } from "./kept-answer.ts";

/** Answers that nodes share. Neither call rejects; a store that is slow or away is one that has nothing. */
export interface SharedAnswers {
  get(key: AnswerKey, nowMs: number): Promise<KeptAnswer | null>;
  set(key: AnswerKey, answer: KeptAnswer): void;
}
