/** What the caller sets; every script says in its first comment what it reads. */
export function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name}: absent (expected: an environment variable)`);
  return value;
}

/** DEADLINE_MS: how long a script may take in all, 60 s unless told. */
export function deadlineMs() {
  const value = process.env.DEADLINE_MS ?? '60000';
  if (!/^[1-9][0-9]{0,7}$/.test(value)) throw new Error(`DEADLINE_MS: ${value} (expected: milliseconds, 1-99999999)`);
  return Number(value);
}
