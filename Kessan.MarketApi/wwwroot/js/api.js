// Asks the API, and tells for each answer where it came from and how long it took.

const listeners = new Set();

/** The API's answer that there is no answer, in words for people. */
export class Problem extends Error {
  constructor(message, { status = 0, retryAfter = 0 } = {}) {
    super(message);
    this.status = status; // 0: the API did not answer at all
    this.retryAfter = retryAfter; // seconds
  }
}

/** Calls back with {path, origin, age, ttl, took, rows, remaining} for each answer, and with origin "error" and a problem for each failure. */
export function onAnswer(listener) {
  listeners.add(listener);
}

/** The JSON of an answer, with its origin; throws a Problem. */
export async function get(path, { method = 'GET' } = {}) {
  const start = performance.now();
  try {
    const response = await fetch(path, { method, headers: { accept: 'application/json' } });
    const body = await response.json().catch(() => null);
    const took = performance.now() - start;
    if (!response.ok || body === null) throw problemOf(response, body);

    const answer = { path, took, ...readHeaders(response.headers) };
    // A batch says of each row where it came from; a POST is no look-up.
    if (method === 'GET') tell({ ...answer, rows: body.prices?.map(row => originOf(row.cache)) });
    return { body, ...answer };
  } catch (failure) {
    const problem = failure instanceof Problem ? failure : new Problem('The market API does not answer.');
    tell({ path, origin: 'error', took: performance.now() - start, problem });
    throw problem;
  }
}

/** l1, l2, stale or source, of a row's "cache" part. */
export const originOf = cache => (cache.is_stale ? 'stale' : cache.layer);

function problemOf(response, body) {
  const text = [body?.title, body?.detail].filter(Boolean).join(' ');
  return new Problem(text || `The market API answered ${response.status}.`, {
    status: response.status,
    retryAfter: Number(response.headers.get('retry-after')) || 0,
  });
}

// "kessan; hit; ttl=290; detail=l1" (RFC 9211), "daily";r=19999;t=86400 (RateLimit)
function readHeaders(headers) {
  const status = headers.get('cache-status') ?? '';
  return {
    origin: /detail=(\w+)/.exec(status)?.[1] ?? 'none',
    ttl: Number(/ttl=(-?\d+)/.exec(status)?.[1] ?? NaN),
    age: Number(headers.get('age') ?? 0),
    ...readQuota(headers.get('ratelimit') ?? ''),
  };
}

const quota = { remaining: Infinity, endsAt: 0 };

// Answers overtake each other: within a day the lowest number is the latest.
function readQuota(header) {
  const [, remaining, seconds] = /r=(\d+);t=(\d+)/.exec(header) ?? [];
  if (remaining === undefined) return {};
  const endsAt = performance.now() / 1000 + Number(seconds);
  const isNewDay = endsAt > quota.endsAt + 60;
  quota.remaining = isNewDay ? Number(remaining) : Math.min(quota.remaining, Number(remaining));
  if (isNewDay) quota.endsAt = endsAt;
  return { remaining: quota.remaining };
}

function tell(answer) {
  for (const listener of listeners) listener(answer);
}
