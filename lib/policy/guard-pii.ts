import type { PiiType } from "../contract/guardrail.ts";
import { type Detector, type Found, knownPattern } from "./guard-detect.ts";

/** Digits of a payment card (ISO/IEC 7812): so many, in groups or not, the last one a check digit. */
const CARD_DIGITS_MIN = 13;
const CARD_DIGITS_MAX = 19;
/** Digits of an international telephone number (ITU-T E.164), the country's code included. */
const PHONE_DIGITS_MIN = 8;
const PHONE_DIGITS_MAX = 15;

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

/** Space, hyphen, no-break space or narrow no-break space: what people put between groups. */
function isGap(code: number): boolean {
  return code === 0x20 || code === 0x2d || code === 0xa0 || code === 0x202f;
}

/** Luhn's check (ISO/IEC 7812-1, annex B) over digits as numbers. */
export function passesLuhn(digits: readonly number[]): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = digits[digits.length - 1 - place] ?? 0;
    const doubled = place % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return digits.length > 0 && sum % 10 === 0;
}

function cardAt(text: string, start: number): Found | null {
  const digits: number[] = [];
  const ends: number[] = [];
  for (let at = start; at < text.length && digits.length < CARD_DIGITS_MAX; at++) {
    const code = text.charCodeAt(at);
    if (isDigit(code)) {
      digits.push(code - 0x30);
      ends.push(at + 1);
    } else if (!isGap(code) || !isDigit(text.charCodeAt(at + 1))) break;
  }
  for (let count = digits.length; count >= CARD_DIGITS_MIN; count--) {
    const end = ends[count - 1] ?? start;
    if (!isDigit(text.charCodeAt(end)) && passesLuhn(digits.slice(0, count))) return { start, end };
  }
  return null;
}

/** Payment cards: 13 to 19 digits that begin as those of the large schemes do and pass Luhn's check. */
const card: Detector = {
  label: "card",
  find(text, from) {
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code < 0x32 || code > 0x36 || isDigit(text.charCodeAt(at - 1))) continue;
      const found = cardAt(text, at);
      if (found !== null) return found;
    }
    return null;
  },
};

/** Lengths by country, from the IBAN registry (ISO 13616), release 100. */
const IBAN_LENGTHS: ReadonlyMap<string, number> = new Map(
  (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 " +
    "ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 " +
    "LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 " +
    "PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
  )
    .split(" ")
    .map((entry): [string, number] => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** The check of ISO 13616: the first four characters moved to the end, letters as numbers, modulo 97 is 1. */
export function passesMod97(iban: string): boolean {
  let remainder = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    if (Number.isNaN(value)) return false;
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}

function ibanAt(text: string, start: number): Found | null {
  const length = IBAN_LENGTHS.get(text.slice(start, start + 2).toUpperCase());
  if (length === undefined) return null;
  let iban = "";
  let at = start;
  for (; at < text.length && iban.length < length; at++) {
    const code = text.charCodeAt(at);
    if (isDigit(code) || isLetter(code)) iban += text[at];
    else if (!isGap(code)) return null;
  }
  const next = text.charCodeAt(at);
  if (iban.length < length || isDigit(next) || isLetter(next)) return null;
  return passesMod97(iban.toUpperCase()) ? { start, end: at } : null;
}

/** Bank accounts in the international form. */
const iban: Detector = {
  label: "iban",
  find(text, from) {
    for (let at = from; at < text.length; at++) {
      if (!isLetter(text.charCodeAt(at)) || !isDigit(text.charCodeAt(at + 2))) continue;
      const before = text.charCodeAt(at - 1);
      if (isLetter(before) || isDigit(before)) continue;
      const found = ibanAt(text, at);
      if (found !== null) return found;
    }
    return null;
  },
};

function isPhoneGap(code: number): boolean {
  return isGap(code) || code === 0x2e || code === 0x28 || code === 0x29 || code === 0x2f;
}

/** Where the number ends whose first digit stands at `start`; -1 when there are too few or too many digits. */
function phoneEnd(text: string, start: number): number {
  let digits = 0;
  let end = start;
  let gaps = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isDigit(code)) {
      digits += 1;
      end = at + 1;
      gaps = 0;
    } else if (isPhoneGap(code) && gaps < 2) gaps += 1;
    else break;
    if (digits > PHONE_DIGITS_MAX) return -1;
  }
  return digits >= PHONE_DIGITS_MIN ? end : -1;
}

const national = knownPattern("phone", String.raw`(?:\(\d{3}\) ?|\b\d{3}[-. ])\d{3}[-. ]\d{4}\b`);

function internationalPhone(text: string, from: number): Found | null {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const before = text.charCodeAt(at - 1);
    if (isDigit(before) || isLetter(before)) continue;
    const isPlus = code === 0x2b;
    const isZeros = code === 0x30 && text.charCodeAt(at + 1) === 0x30;
    if (!isPlus && !isZeros) continue;
    const first = isPlus ? at + 1 : at + 2;
    if (!isDigit(text.charCodeAt(first))) continue;
    const end = phoneEnd(text, first);
    if (end !== -1) return { start: at, end };
  }
  return null;
}

/** Telephone numbers in the international form (+ or 00), and in the form of North America. */
const phone: Detector = {
  label: "phone",
  find(text, from) {
    const abroad = internationalPhone(text, from);
    const home = national.find(text, from);
    if (abroad === null || home === null) return abroad ?? home;
    return home.start < abroad.start ? home : abroad;
  },
};

const email = knownPattern("email", String.raw`[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,24}`);

/** Secrets by the marks their issuers give them: model providers, clouds, code hosts, chat and payment systems, our own keys. */
const SECRET_FORMS = [
  String.raw`\bsk-[A-Za-z0-9_-]{20,250}`,
  String.raw`\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,250}`,
  String.raw`\bAIza[A-Za-z0-9_-]{35}`,
  String.raw`\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b`,
  String.raw`\bgh[pousr]_[A-Za-z0-9]{36,250}`,
  String.raw`\bgithub_pat_[A-Za-z0-9_]{22,250}`,
  String.raw`\bglpat-[A-Za-z0-9_-]{20,250}`,
  String.raw`\bxox[abposr]-[A-Za-z0-9-]{10,250}`,
  String.raw`\bnpm_[A-Za-z0-9]{36}\b`,
  String.raw`\bpypi-[A-Za-z0-9_-]{50,250}`,
  String.raw`\bhf_[A-Za-z0-9]{30,100}`,
  String.raw`\bgsk_[A-Za-z0-9]{40,100}`,
  String.raw`\bxai-[A-Za-z0-9]{40,200}`,
  String.raw`\bSG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64}`,
  String.raw`\btpm?_[A-Za-z0-9_-]{20,200}`,
  String.raw`\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}`,
  String.raw`-----BEGIN (?:[A-Z]{2,12} )?PRIVATE KEY-----[A-Za-z0-9+/=\s]*(?:-----END (?:[A-Z]{2,12} )?PRIVATE KEY-----)?`,
];
const secret = knownPattern("secret", SECRET_FORMS.join("|"));

/** A detector for each type of personal data. */
export const PII_DETECTORS: Readonly<Record<PiiType, Detector>> = { email, phone, card, iban, secret };
