import { randomInt } from "node:crypto";

/** Without the letters and digits that are taken for one another. */
const LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789";
const GROUPS = 4;
const GROUP_LENGTH = 5;

/** A password for the first sign-in: twenty random letters (115 bits) in four groups, easy to pass on. */
export function newInitialPassword(): string {
  const letter = () => LETTERS[randomInt(LETTERS.length)] ?? "";
  return Array.from({ length: GROUPS }, () => Array.from({ length: GROUP_LENGTH }, letter).join("")).join("-");
}
