import { fetchToken } from './edge.js';

const STORED = 'runwire.token';
const RENEW_BEFORE_MS = 60_000;
const DEVELOPMENT_TTL_SECONDS = 900;

/** In development the edge hands out tokens, so that nobody has to sign in. */
export class DevelopmentSession {
  #held;

  get signedIn() {
    return true;
  }

  async token() {
    if (!this.#held || this.#held.exp * 1000 - Date.now() < RENEW_BEFORE_MS) {
      this.#held = await fetchToken({ ttlSeconds: DEVELOPMENT_TTL_SECONDS });
    }
    return this.#held.token;
  }

  forget() {
    this.#held = undefined;
  }
}

/** Otherwise somebody pastes a token. It stays in this tab's session storage, so that a reload keeps it. */
export class PastedSession {
  #storage;

  constructor(storage = sessionStorage) {
    this.#storage = storage;
  }

  get signedIn() {
    return this.#storage.getItem(STORED) !== null;
  }

  async token() {
    return this.#storage.getItem(STORED);
  }

  /** Returns what is wrong with the token as far as can be seen from here; undefined if nothing. */
  signIn(pasted) {
    const token = pasted.trim().replace(/^Bearer\s+/i, '');
    const claims = claimsOf(token);
    if (!claims) return 'This is not a JWT: three parts in Base64, joined by dots.';
    if (!(claims.exp * 1000 > Date.now())) return 'This token has expired.';
    this.#storage.setItem(STORED, token);
    return undefined;
  }

  forget() {
    this.#storage.removeItem(STORED);
  }
}

function claimsOf(token) {
  try {
    const [, payload, signature] = token.split('.');
    return signature && JSON.parse(atob(payload.replace(/-/g, '+').replace(/_/g, '/')));
  } catch {
    return undefined;
  }
}
