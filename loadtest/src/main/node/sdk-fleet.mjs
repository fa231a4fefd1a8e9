/**
 * Follows threads with the real JavaScript SDK and journals what it hands on, in the same lines as the light clients.
 * One SDK client and one thread each: client i follows thread i modulo the number of threads. For dozens, not thousands.
 *
 *   node sdk-fleet.mjs --sdk=ws-edge/client/src/index.js --edges=ws://…,ws://… --token-file=F --threads=t1,t2|prefix.*count
 *       --journal=FILE [--clients=1] [--from=earliest|open|latest] [--ack=false] [--name=sdk]
 *
 * Runs until SIGTERM, or until the standard input closes; a line of status per second. Commands on the standard input:
 * `drop [n]` loses the connections of the first n clients.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Recorder, recordingWebSocket } from './recording.mjs';
import { SeenJournal } from './seen.mjs';

const STATUS_EVERY_MS = 1_000;
const string = (standard) => ({ type: 'string', default: standard });
const OPTIONS = {
  sdk: string(), edges: string(), 'token-file': string(), threads: string(), journal: string(),
  clients: string('1'), from: string('earliest'), ack: string('false'), name: string('sdk'),
};

function options() {
  const { values } = parseArgs({ options: OPTIONS });
  for (const name of Object.keys(OPTIONS)) {
    if (values[name] === undefined) throw new TypeError(`--${name}: missing`);
  }
  if (!/^[1-9]\d{0,3}$/.test(values.clients)) throw new TypeError(`--clients: ${values.clients} (expected: 1 .. 9999)`);
  if (!/^(true|false)$/.test(values.ack)) throw new TypeError(`--ack: ${values.ack} (expected: true or false)`);
  return values;
}

function threadNames(spelled) {
  const [, prefix, count] = /^(.+)\.\*([1-9]\d{0,5})$/.exec(spelled) ?? [];
  return prefix ? Array.from({ length: Number(count) }, (_, i) => `${prefix}.${i}`) : spelled.split(',');
}

/** The token of a client, read anew for each connection: a fleet outlives its tokens. */
function tokenOf(file, i) {
  const tokens = readFileSync(file, 'utf8').split('\n').map((line) => line.trim()).filter(Boolean);
  if (tokens.length === 0) throw new Error(`${file}: no token`);
  return tokens[i % tokens.length];
}

class SdkFleet {
  #journal;
  #clients = [];
  #status = { connected: 0, events: 0, gaps: 0, reconnects: 0, lost: 0 };
  #eventsBefore = 0;

  constructor(connect, sdk, given) {
    this.#journal = new SeenJournal(given.journal);
    const edges = given.edges.split(',');
    const threads = threadNames(given.threads);
    for (let i = 0; i < Number(given.clients); i++) {
      const name = `${given.name}-${i}`;
      const recorder = new Recorder();
      const client = connect({
        url: edges.map((_, at) => edges[(at + i) % edges.length]),
        getToken: () => tokenOf(given['token-file'], i),
        WebSocket: recordingWebSocket(sdk, recorder),
        transport: 'websocket', // what comes by server-sent events is not recorded
      });
      this.#clients.push(client);
      this.#watch(name, client);
      this.#follow(name, client, threads[i % threads.length], recorder, given);
    }
  }

  /** A line for the console. */
  status() {
    const { events, ...rest } = this.#status;
    const eventsPerSecond = events - this.#eventsBefore;
    this.#eventsBefore = events;
    return JSON.stringify({ ...rest, events, eventsPerSecond });
  }

  drop(first = this.#clients.length) {
    for (const client of this.#clients.slice(0, first)) client.dropConnection();
  }

  async close() {
    for (const client of this.#clients) client.close();
    await this.#journal.close();
  }

  #watch(name, client) {
    let up = false;
    let ups = 0;
    const down = (code) => {
      if (!up) return; // a dial that failed: nothing was lost
      up = false;
      this.#status.connected--;
      this.#journal.down(name, code);
    };
    client.on('connected', ({ url }) => {
      if (!up) this.#status.connected++;
      up = true;
      if (++ups > 1) this.#status.reconnects++;
      this.#journal.up(name, url);
    });
    client.on('disconnected', ({ code }) => down(code));
    client.on('error', ({ code, message, closeCode }) => {
      console.error(`${name}: ${code}: ${message}`);
      if (closeCode !== undefined) down(closeCode); // for good: there is no `disconnected` then
    });
  }

  #follow(name, client, thread, recorder, { from, ack }) {
    let subscribed = false;
    client.thread(thread, {
      from,
      ack: ack === 'true',
      onState: (state, error) => {
        if (state === 'replaying' && !subscribed) {
          subscribed = true;
          this.#journal.subscribed(name, thread, undefined, from);
        }
        if (error) this.#status.lost++;
      },
      onEvent: (item) => {
        this.#status.events++;
        this.#journal.event(name, item, recorder.take(item.cursor));
      },
      onGap: (gap) => {
        this.#status.gaps++;
        this.#journal.gap(name, gap);
      },
      onLive: (cursor) => this.#journal.live(name, thread, cursor),
    });
  }
}

async function main() {
  const given = options();
  const sdk = resolve(given.sdk);
  const { connect } = await import(pathToFileURL(sdk));
  const fleet = new SdkFleet(connect, sdk, given);
  const timer = setInterval(() => console.log(fleet.status()), STATUS_EVERY_MS);
  const input = createInterface({ input: process.stdin });
  let ending;
  const end = () => {
    clearInterval(timer);
    ending ??= fleet.close().then(() => {
      console.log(fleet.status());
      process.exit(0);
    });
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  input.on('close', end);
  input.on('line', (line) => {
    const command = /^drop(?: (?<first>\d+))?$/.exec(line.trim());
    if (command) fleet.drop(command.groups.first && Number(command.groups.first));
    else console.error(`command: ${line} (expected: drop [n])`);
  });
}

main().catch((error) => {
  console.error(error.message);
  process.exit(2);
});
