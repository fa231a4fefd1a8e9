// Compiled by `npm run types`, never run: the declarations must fit what an application writes.
import { connect, RunwireError, type EventItem, type GapItem, type Runs, type State, type Status } from 'runwire-client';
import { Fold, type Outcome } from 'runwire-client/fold';

const client = connect({ url: ['https://a.example', 'wss://b.example/v1/ws'], getToken: async () => 'jwt' });
connect({ url: 'ws://localhost:8080', getToken: () => 'jwt', WebSocket: globalThis.WebSocket, transport: 'sse' });

const off: () => void = client.on('state', (state: State) => console.log(state));
client.on('error', (error) => console.log(error.code, error.closeCode, error.thread, error instanceof RunwireError));
client.on('disconnected', ({ code, retryInMs }) => console.log(code + retryInMs));
client.on('status', (status) => console.log(spoken(status)));
// @ts-expect-error: no such event
client.on('stat', () => {});
off();

function spoken(status: Status): string {
  switch (status.state) {
    case 'connecting':
    case 'reconnecting':
    case 'offline':
      return `attempt ${status.attempt} in ${status.retryInMs} ms, since ${status.cause?.name}`;
    case 'replaying':
      return `${status.behindMs} ms behind after ${status.events} events, ${status.gap?.reason ?? 'no gap'}`;
    case 'draining':
      return `elsewhere in ${status.retryAfterMs} ms`;
    case 'live':
      return `by ${status.transport}`;
    default: {
      const over: 'ended' | 'expired' | 'evicted' | 'forbidden' = status.state;
      return `${over}: ${status.error?.message}`;
    }
  }
}

const saved: { after: string; runs: Runs } = { after: 'cursor', runs: { r: [1, 57] } };
const subscription = client.thread('t1', { ...saved, run: 'r', ack: true, onState: (state, error) => error?.code });

export async function follow(): Promise<string | undefined> {
  for await (const item of subscription) {
    if (item.op === 'gap') {
      const gap: GapItem = item;
      console.log(gap.reason, gap.from, gap.to);
    } else {
      const event: EventItem = item;
      console.log(event.run, event.attempt, event.seq, event.final, event.event.type, event.event['delta']);
    }
  }
  return subscription.cursor;
}

type TextEvent = { type: 'TEXT_MESSAGE_CONTENT'; delta: string };
client.thread<TextEvent>('t2', { from: 'open', onEvent: async ({ event }) => event.delta.trim() }).close();
// @ts-expect-error: no such start
client.thread('t3', { from: 'yesterday' });

const outcome: Outcome = new Fold({ known: subscription.runs }).accept({ run: 'r', attempt: 1, seq: 1, type: 'CUSTOM' });
console.log(outcome, client.state, spoken(subscription.status));
client.close();
