import { GATEWAY_ERRORS, type GatewayErrorCode } from "#lib/contract/error-code.ts";

/** An error in OpenAI's dialect. */
export function errorBody(code: GatewayErrorCode, message: string, param: string | null = null): string {
  return JSON.stringify({ error: { message, type: GATEWAY_ERRORS[code].type, param, code } });
}
