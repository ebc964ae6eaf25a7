// Asks the API, and tells for each answer where it came from and how long it took.

const listeners = new Set();

/** Calls back with {path, origin, age, ttl, took} for each answer, and with origin "error" for each failure. */
export function onAnswer(listener) {
  listeners.add(listener);
}

/** The JSON of an answer, with its origin; throws an Error with the problem's title. */
export async function get(path, { method = 'GET' } = {}) {
  const start = performance.now();
  let response;
  try {
    response = await fetch(path, { method, headers: { accept: 'application/json' } });
  } catch {
    tell({ path, origin: 'error', took: performance.now() - start });
    throw new Error('The market API does not answer.');
  }

  const body = await response.json().catch(() => null);
  const took = performance.now() - start;
  if (!response.ok) {
    tell({ path, origin: 'error', took });
    throw new Error(body?.title ?? `The market API answered ${response.status}.`);
  }

  const answer = { path, took, ...readStatus(response.headers) };
  // A batch says of each row where it came from; a POST is no look-up.
  const rows = body?.prices?.map(row => originOf(row.cache));
  if (method === 'GET') tell({ ...answer, rows });
  return { body, ...answer };
}

/** l1, l2, stale or source, of a row's "cache" part. */
export function originOf(cache) {
  return cache.is_stale ? 'stale' : cache.layer;
}

// "kessan; hit; ttl=290; detail=l1" (RFC 9211)
function readStatus(headers) {
  const status = headers.get('cache-status') ?? '';
  return {
    origin: /detail=(\w+)/.exec(status)?.[1] ?? 'none',
    ttl: Number(/ttl=(-?\d+)/.exec(status)?.[1] ?? NaN),
    age: Number(headers.get('age') ?? 0),
  };
}

function tell(answer) {
  for (const listener of listeners) listener(answer);
}
