const DEADLINE_MS = 8_000;

/** What the edge (or nobody) answered instead of what was asked for. */
export class EdgeError extends Error {
  /** @param {number} status the HTTP status; 0 if there was no answer */
  constructor(status, code, message) {
    super(message);
    this.name = 'EdgeError';
    this.status = status;
    this.code = code;
  }
}

/** → { development, demo, edges } */
export function fetchConfig() {
  return call('/console/config.json');
}

/** A development token, { token, exp }; only where the edge hands them out. */
export function fetchToken(request) {
  return call('/console/token', { method: 'POST', body: request });
}

/** → { thread, run } */
export function startDemoRun(question) {
  return call('/console/demo-runs', { method: 'POST', body: { question } });
}

/** The latest runs, as the ledger knows them: { runs, partial }; partial: a part of the ledger gave no answer. */
export function fetchRuns(token) {
  return call('/v1/runs?limit=50', { token });
}

async function call(path, { method = 'GET', body, token } = {}) {
  const headers = { accept: 'application/json' };
  if (body) headers['content-type'] = 'application/json';
  if (token) headers.authorization = `Bearer ${token}`;
  let response;
  try {
    const signal = AbortSignal.timeout(DEADLINE_MS);
    response = await fetch(path, { method, headers, body: body && JSON.stringify(body), cache: 'no-store', signal });
    if (response.ok) return await response.json();
  } catch {
    throw new EdgeError(0, 'NO_ANSWER', 'The edge does not answer.');
  }
  const problem = await response.json().catch(() => ({}));
  throw new EdgeError(
    response.status,
    problem.code,
    problem.detail ?? problem.title ?? `The edge answered ${response.status}.`,
  );
}
