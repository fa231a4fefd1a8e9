/**
 * Writes one whole run to agent-events by the published contract alone: Kafka, JSON, headers.
 *
 * Reads BOOTSTRAP (host:port, comma separated), THREAD, RUN and DEADLINE_MS. Prints a line of JSON for each record
 * that was acknowledged: seq, type, partition, sha256 of the value and the value in base64. Logs to stderr.
 */
import { createHash } from 'node:crypto';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { deadlineMs, required } from './environment.js';
import { eventsOf } from './run.js';

const TOPIC = 'agent-events';
const ALL_REPLICAS = -1;
const SILENCE_MS = 60_000;

async function produce() {
  const [brokers, thread, run] = [required('BOOTSTRAP').split(','), required('THREAD'), required('RUN')];
  const timer = setTimeout(() => fail(new Error('not written before DEADLINE_MS')), deadlineMs());
  const kafka = new Kafka({ clientId: 'runwire-interop', brokers, logLevel: logLevel.WARN, logCreator: () => logged });
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner, // murmur2, as in Java
    idempotent: true,
    maxInFlightRequests: 1,
  });
  await producer.connect();
  for (const [index, event] of eventsOf(thread, run).entries()) {
    const seq = index + 1;
    const value = Buffer.from(JSON.stringify(event));
    const headers = { run, attempt: '1', seq: String(seq), type: event.type };
    if (event.type === 'RUN_STARTED') headers['timeout-ms'] = String(SILENCE_MS);
    const [{ partition }] = await producer.send({
      topic: TOPIC,
      acks: ALL_REPLICAS,
      messages: [{ key: thread, value, headers }],
    });
    const sha256 = createHash('sha256').update(value).digest('hex');
    console.log(JSON.stringify({ seq, type: event.type, partition, sha256, value: value.toString('base64') }));
  }
  await producer.disconnect();
  clearTimeout(timer);
}

function logged({ namespace, log }) {
  console.error(`kafkajs ${namespace}: ${log.message}${log.error ? `: ${log.error}` : ''}`);
}

function fail(error) {
  console.error(`produce: ${error.message}`);
  process.exit(1);
}

produce().catch(fail);
