import { type Handler, InvalidRequest } from "../handler.ts";
import { MEDIA_TOKENS, textTokens } from "../tokens.ts";
import { readForm } from "./read-form.ts";

const SAMPLE_RATE_HZ = 8_000;
const TONE_HZ = 440;
const SAMPLES = 1_600;
const HEADER_BYTES = 44;
const AUDIO_TOKENS_PER_SPEECH = 64;

/** A fifth of a second of a 440 Hz tone: RIFF, PCM, 16 bit, mono. */
function toneWav(): Buffer {
  const wav = Buffer.alloc(HEADER_BYTES + SAMPLES * 2);
  wav.write("RIFF", 0);
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.write("WAVEfmt ", 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(SAMPLE_RATE_HZ, 24);
  wav.writeUInt32LE(SAMPLE_RATE_HZ * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write("data", 36);
  wav.writeUInt32LE(SAMPLES * 2, 40);
  for (let index = 0; index < SAMPLES; index += 1) {
    const level = Math.sin((2 * Math.PI * TONE_HZ * index) / SAMPLE_RATE_HZ);
    wav.writeInt16LE(Math.round(level * 8_000), HEADER_BYTES + index * 2);
  }
  return wav;
}

const TONE = toneWav();

/** POST /v1/audio/speech: a short tone, always WAV. */
export const speech: Handler = (exchange, { json }) => {
  if (typeof json.input !== "string") throw new InvalidRequest("Missing required parameter: 'input'.");
  const usage = { inputTokens: textTokens(json.input), outputTokens: AUDIO_TOKENS_PER_SPEECH };
  return exchange.answerBytes(TONE, "audio/wav", usage);
};

/** POST /v1/audio/transcriptions and translations: says what was received. */
export const transcriptions: Handler = async (exchange, body) => {
  const form = await readForm(body);
  const file = form.get("file");
  const model = form.get("model");
  if (!(file instanceof File)) throw new InvalidRequest("Missing required parameter: 'file'.");
  if (typeof model !== "string") throw new InvalidRequest("Missing required parameter: 'model'.");
  const text = `This is the Turnpike demo model. It received ${file.size} bytes of audio and cannot really listen.`;
  const inputTokens = MEDIA_TOKENS;
  const outputTokens = textTokens(text);
  if (form.get("response_format") === "text") {
    return exchange.answerBytes(`${text}\n`, "text/plain; charset=utf-8", { inputTokens, outputTokens });
  }
  const usage = {
    type: "tokens",
    input_tokens: inputTokens,
    input_token_details: { text_tokens: 0, audio_tokens: inputTokens },
    output_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
  };
  const answer = { text, usage: exchange.effect.omitUsage === true ? undefined : usage };
  return exchange.answer(answer, { inputTokens, outputTokens });
};
