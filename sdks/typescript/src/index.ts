/**
 * A client of Guildhall: typed calls of the three contracts, and the live events of jobs.
 *
 * `fleet`, `code` and `agent` are openapi-fetch clients over types generated from the OpenAPI documents; `value` unwraps
 * their answers; `jobEvents` follows a job over connections that break.
 */

import { createParser, type EventSourceMessage } from "eventsource-parser";
import createClient, { type Client } from "openapi-fetch";

import type { paths as AgentPaths } from "./agent.js";
import type { paths as CodePaths } from "./code.js";
import type { components as FleetComponents, paths as FleetPaths } from "./fleet.js";

export type * as agent from "./agent.js";
export type * as code from "./code.js";
export type * as fleet from "./fleet.js";

/** The `data` of an event of a job's stream; `type` says which it is. */
export type JobEvent = FleetComponents["schemas"]["JobEvent"];

export interface Options {
  /** Where the server is: `http://127.0.0.1:8000`. */
  url: string;
  /** An API key, `kam_…`. */
  apiKey: string;
  /** Another fetch than the global one. */
  fetch?: typeof globalThis.fetch;
}

export interface Guildhall {
  fleet: Client<FleetPaths>;
  code: Client<CodePaths>;
  agent: Client<AgentPaths>;
  /** What happens with a job, from the event after `after` on, until it is finished. */
  jobEvents(jobId: string, options?: FollowOptions): AsyncGenerator<JobEvent, void, undefined>;
}

export interface FollowOptions {
  /** The number of the last event that was seen. */
  after?: number;
  /** So many milliseconds without a word, and the stream is given up. */
  patience?: number;
  signal?: AbortSignal;
}

/** The server refused: `status`, its sentence as the message, and the whole body. */
export class GuildhallError extends Error {
  override readonly name = "GuildhallError";

  constructor(
    readonly status: number,
    message: string,
    readonly body: unknown,
    readonly requestId: string | null,
  ) {
    super(message);
  }
}

export function createGuildhall(options: Options): Guildhall {
  const fetch = options.fetch ?? globalThis.fetch;
  const headers = { Authorization: `Bearer ${options.apiKey}` };
  const settings = { baseUrl: options.url.replace(/\/+$/, ""), headers, fetch };
  return {
    fleet: createClient<FleetPaths>(settings),
    code: createClient<CodePaths>(settings),
    agent: createClient<AgentPaths>(settings),
    jobEvents: (jobId, follow = {}) =>
      followJob(`${settings.baseUrl}/api/v1/jobs/${encodeURIComponent(jobId)}/events`, headers, fetch, follow),
  };
}

/** The body of a call that went well; throws GuildhallError for all others. */
export async function value<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<NonNullable<T>> {
  const { data, error, response } = await call;
  if (data === undefined || data === null || !response.ok) {
    throw new GuildhallError(response.status, sentence(error, response), error, response.headers.get("X-Request-ID"));
  }
  return data;
}

/** Each contract says it in its own shape: `detail`, `error.message` or `error`. */
function sentence(body: unknown, response: Response): string {
  const told = body as { detail?: unknown; error?: unknown } | null | undefined;
  const inner = told?.error as { message?: unknown } | string | null | undefined;
  const found = [told?.detail, typeof inner === "object" ? inner?.message : inner];
  return found.find((text): text is string => typeof text === "string") ?? `The server answered ${response.status}`;
}

const DONE = "[DONE]";
const TEMPORARY = [429, 502, 503, 504];
/** The server sends a heartbeat every fifteen seconds; a stream silent for longer is dead. */
const SILENCE_MS = 45_000;

async function* followJob(
  url: string,
  headers: Record<string, string>,
  fetch: typeof globalThis.fetch,
  { after = 0, patience = 60_000, signal }: FollowOptions,
): AsyncGenerator<JobEvent, void, undefined> {
  let last = after;
  let pause = 1000;
  let heard = Date.now();
  for (;;) {
    const silence = new AbortController();
    let alarm = setTimeout(() => silence.abort(), SILENCE_MS);
    try {
      const resume = last ? { "Last-Event-ID": String(last) } : {};
      const any = signal ? AbortSignal.any([signal, silence.signal]) : silence.signal;
      const response = await fetch(url, { headers: { ...headers, ...resume }, signal: any });
      if (TEMPORARY.includes(response.status)) {
        pause = Number(response.headers.get("Retry-After") ?? "1") * 1000;
        throw new TypeError(`the server answered ${response.status}`);
      }
      if (!response.ok || !response.body) {
        const body: unknown = await response.json().catch(() => null);
        throw new GuildhallError(response.status, sentence(body, response), body, response.headers.get("X-Request-ID"));
      }
      for await (const message of messagesOf(response.body, (retry) => (pause = retry))) {
        heard = Date.now();
        clearTimeout(alarm);
        alarm = setTimeout(() => silence.abort(), SILENCE_MS);
        if (message.data === DONE) return;
        const event = JSON.parse(message.data) as JobEvent;
        if (event.type !== "heartbeat") yield event;
        if (message.id) last = Number(message.id);
      }
    } catch (error) {
      if (error instanceof GuildhallError || signal?.aborted) throw error;
    } finally {
      clearTimeout(alarm);
    }
    if (Date.now() - heard > patience) throw new Error(`no event of the job for ${patience} ms`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

async function* messagesOf(
  body: ReadableStream<Uint8Array>,
  onRetry: (milliseconds: number) => void,
): AsyncGenerator<EventSourceMessage, void, undefined> {
  const waiting: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => waiting.push(message), onRetry });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      yield* waiting.splice(0);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
