import { describe, expect, it } from "vitest";
import { deviceWords } from "./device-words.ts";

describe("deviceWords", () => {
  it.each([
    [
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36",
      "Chrome on Linux",
    ],
    [
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/149.0 Safari/537.36 Edg/149.0",
      "Edge on Windows",
    ],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Mobile Safari/604.1",
      "Safari on iOS",
    ],
    ["Mozilla/5.0 (Macintosh; Intel Mac OS X 15.0; rv:149.0) Gecko/20100101 Firefox/149.0", "Firefox on macOS"],
    ["curl/8.9.1", "curl"],
    [null, "Unknown browser"],
  ])("reads %j", (userAgent, words) => expect(deviceWords(userAgent)).toBe(words));
});
