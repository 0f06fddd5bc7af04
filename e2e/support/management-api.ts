// A plain client of the management API, for tests: one function, and errors that show the whole answer.

/** An answer of the management API. `body` is parsed JSON, null for 204. */
export interface ApiAnswer {
  status: number;
  headers: Headers;
  // A test asserts on the shapes it needs; the schemas themselves are proved elsewhere.
  // biome-ignore lint/suspicious/noExplicitAny: answers of every endpoint come through here
  body: any;
}

/** Makes a client that speaks with a management token. */
export function managementApi(consoleUrl: string, token: string) {
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ApiAnswer> => {
    const init: RequestInit = {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
    };
    if (body !== undefined) init.body = JSON.stringify(body);
    const response = await fetch(`${consoleUrl}/api/v1${path}`, init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === "" ? null : JSON.parse(text) };
  };
  /** Calls, and throws with the whole answer unless it is a success. */
  const must = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const answer = await call(method, path, body, headers);
    if (answer.status >= 300) throw new Error(`${method} ${path} → ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  return { call, must };
}

export type ManagementApi = ReturnType<typeof managementApi>;
