import { Refused, Unreachable } from "./problem";
import type { Problem } from "./types";

export type Query = Record<string, string | number | boolean | null | undefined>;

export interface Call {
  query?: Query;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

interface Credentials {
  token: () => string | null;
  /** Called when the server has taken it, whatever it answered. */
  onTaken: () => void;
  /** Called when the server does not take it: resolves to whether there is another one to try. */
  onRejected: (token: string | null) => Promise<boolean>;
}

let credentials: Credentials = {
  token: () => null,
  onTaken: () => undefined,
  onRejected: () => Promise.resolve(false),
};

export function provideCredentials(source: Credentials): void {
  credentials = source;
}

export async function send<T>(method: string, path: string, call: Call = {}): Promise<T> {
  const response = await sendSignedIn(method, path, call);
  if (!response.ok) throw new Refused(await problemOf(response));
  return (response.status === 204 ? undefined : await readBody(response)) as T;
}

/** Sends it once more where the token had ended and there is another: what was not taken changed nothing. */
async function sendSignedIn(method: string, path: string, call: Call): Promise<Response> {
  for (let first = true; ; first = false) {
    const token = credentials.token();
    const response = await sendOnce(method, path, call, token);
    if (response.status !== 401) credentials.onTaken();
    if (response.status !== 401 || !(await credentials.onRejected(token)) || !first) return response;
  }
}

/** `cache: "no-cache"` lets the browser send `If-None-Match` and answer a 304 from its own cache. */
function sendOnce(method: string, path: string, call: Call, token: string | null): Promise<Response> {
  return reach(path + search(call.query), {
    method,
    cache: method === "GET" ? "no-cache" : "no-store",
    headers: headersOf(call, token),
    body: call.body === undefined ? null : JSON.stringify(call.body),
    signal: call.signal ?? null,
  });
}

async function readBody(response: Response): Promise<unknown> {
  const text = await response.text();
  return text === "" ? undefined : JSON.parse(text);
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable(String(error));
  }
}

function headersOf(call: Call, token: string | null): Record<string, string> {
  return {
    ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
    ...(call.body === undefined ? {} : { "Content-Type": "application/json" }),
    ...call.headers,
  };
}

function search(query: Query = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === null || value === undefined || value === "" ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? "" : `?${new URLSearchParams(given).toString()}`;
}

/** For what does not come from the API itself but from a gateway before it, which knows none of its codes. */
function codeOf(status: number): string {
  if (status === 401) return "signed-out";
  return status >= 500 ? "unavailable" : "unexpected";
}

async function problemOf(response: Response): Promise<Problem> {
  const fallback: Problem = {
    type: "about:blank",
    title: response.statusText,
    status: response.status,
    code: codeOf(response.status),
    detail: response.statusText,
  };
  try {
    return { ...fallback, ...((await response.json()) as Partial<Problem>) };
  } catch {
    return fallback;
  }
}
