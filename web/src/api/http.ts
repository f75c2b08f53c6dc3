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
  /** Called when the server no longer takes the token. */
  onRejected: () => void;
}

let credentials: Credentials = { token: () => null, onRejected: () => undefined };

export function provideCredentials(source: Credentials): void {
  credentials = source;
}

/** `cache: "no-cache"` lets the browser send `If-None-Match` and answer a 304 from its own cache. */
export async function send<T>(method: string, path: string, call: Call = {}): Promise<T> {
  const response = await reach(path + search(call.query), {
    method,
    cache: method === "GET" ? "no-cache" : "no-store",
    headers: headersOf(call),
    body: call.body === undefined ? null : JSON.stringify(call.body),
    signal: call.signal ?? null,
  });
  if (response.status === 401) credentials.onRejected();
  if (!response.ok) throw new Refused(await problemOf(response));
  return (response.status === 204 ? undefined : await readBody(response)) as T;
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

function headersOf(call: Call): Record<string, string> {
  const token = credentials.token();
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

async function problemOf(response: Response): Promise<Problem> {
  const fallback: Problem = {
    type: "about:blank",
    title: response.statusText,
    status: response.status,
    code: response.status >= 500 ? "unavailable" : "unexpected",
    detail: response.statusText,
  };
  try {
    return { ...fallback, ...((await response.json()) as Partial<Problem>) };
  } catch {
    return fallback;
  }
}
