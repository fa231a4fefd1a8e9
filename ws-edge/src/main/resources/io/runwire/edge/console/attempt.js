/** Items that are kept of one attempt; the oldest go first, a block at a time. */
const MOST_ITEMS = 2_000;
const TRIM_BLOCK = 200;

const IN_WRITING = { TEXT_MESSAGE_CHUNK: 'message', TOOL_CALL_CHUNK: 'tool', REASONING_MESSAGE_CHUNK: 'reasoning' };

/**
 * One attempt of a run as a list of items, folded from its AG-UI events. Items are changed in place;
 * an item's `version` tells whether it has changed since it was last drawn.
 */
export class Attempt {
  number;
  items = [];
  /** How many of the oldest items are no longer kept. */
  trimmed = 0;
  events = 0;
  startedAt;
  endedAt;
  /** running | finished | interrupted | cancelled | error */
  status = 'running';
  error;
  question;
  /** The agent has said that it reasons, and nothing of it has been written yet. */
  thinking = false;
  #byId = new Map();
  #chunked;
  #key = 0;

  constructor(number, startedAt) {
    this.number = number;
    this.startedAt = startedAt;
  }

  apply(event, ts) {
    this.events++;
    this.thinking = false;
    this.#leaveChunks(event);
    try {
      FOLDS[event.type](this, event, ts);
    } catch {
      // An unknown type, or fields that are not of AG-UI's form. It was received, so it is shown as what it is.
      this.note(asText(event.type), event, ts);
    }
  }

  /** The item of that kind and id; made if it is new. */
  item(kind, id, ts, fields = {}) {
    return this.#byId.get(`${kind} ${id}`) ?? this.add(kind, id, ts, fields);
  }

  add(kind, id, ts, fields = {}) {
    const item = { key: ++this.#key, version: 0, kind, id, ts, ...fields };
    this.items.push(item);
    this.#byId.set(`${kind} ${id}`, item);
    if (this.items.length > MOST_ITEMS + TRIM_BLOCK) this.#trim();
    return item;
  }

  /** Something that is shown as one line which opens to its JSON. */
  note(label, value, ts) {
    return this.add('note', `note-${this.#key}`, ts, { label, json: JSON.stringify(value) ?? 'undefined' });
  }

  /** Writes on at an item whose start may have been omitted, as the *_CHUNK events do. */
  chunk(kind, id, ts, fields) {
    const item = id === undefined ? this.#chunked : this.item(kind, id, ts, fields);
    this.#chunked = item;
    return item;
  }

  end(status, ts, error) {
    this.status = status;
    this.endedAt = ts;
    this.error = error;
    for (const item of this.items) if (item.open) close(item, ts);
  }

  #leaveChunks(event) {
    const item = this.#chunked;
    if (!item) return;
    const id = event.messageId ?? event.toolCallId;
    if (IN_WRITING[event.type] === item.kind && (id === undefined || id === item.id)) return;
    this.#chunked = undefined;
    if (item.kind === 'tool') called(item);
    else close(item, item.ts);
  }

  #trim() {
    for (const item of this.items.splice(0, TRIM_BLOCK)) this.#byId.delete(`${item.kind} ${item.id}`);
    this.trimmed += TRIM_BLOCK;
  }
}

const FOLDS = {
  RUN_STARTED(attempt, event, ts) {
    attempt.startedAt = ts;
    attempt.question = lastQuestion(event.input?.messages);
  },
  RUN_FINISHED(attempt, event, ts) {
    const statuses = { interrupt: 'interrupted', cancelled: 'cancelled' };
    attempt.end(statuses[event.outcome?.type] ?? 'finished', ts);
    for (const { message, reason } of event.outcome?.interrupts ?? [])
      attempt.note(`Waits for: ${message ?? reason}`, event.outcome, ts);
  },
  RUN_ERROR(attempt, { message, code }, ts) {
    attempt.end('error', ts, { message: asText(message), code: code && asText(code) });
  },

  STEP_STARTED: (attempt, { stepName }, ts) => attempt.add('step', asText(stepName), ts, { open: true }),
  STEP_FINISHED: (attempt, { stepName }, ts) => close(attempt.item('step', asText(stepName), ts), ts),

  TEXT_MESSAGE_START: (attempt, { messageId, role }, ts) => attempt.item('message', messageId, ts, text(role)),
  TEXT_MESSAGE_CONTENT: (attempt, { messageId, delta }, ts) =>
    write(attempt.item('message', messageId, ts, text()), delta),
  TEXT_MESSAGE_END: (attempt, { messageId }, ts) => close(attempt.item('message', messageId, ts, text()), ts),
  TEXT_MESSAGE_CHUNK: (attempt, { messageId, role, delta }, ts) =>
    write(attempt.chunk('message', messageId, ts, text(role)), delta),

  REASONING_START(attempt) {
    attempt.thinking = true;
  },
  REASONING_MESSAGE_START: (attempt, { messageId }, ts) => attempt.item('reasoning', messageId, ts, text()),
  REASONING_MESSAGE_CONTENT: (attempt, { messageId, delta }, ts) =>
    write(attempt.item('reasoning', messageId, ts, text()), delta),
  REASONING_MESSAGE_END: (attempt, { messageId }, ts) => close(attempt.item('reasoning', messageId, ts, text()), ts),
  REASONING_MESSAGE_CHUNK: (attempt, { messageId, delta }, ts) =>
    write(attempt.chunk('reasoning', messageId, ts, text()), delta),
  REASONING_END() {},
  REASONING_ENCRYPTED_VALUE: (attempt, event, ts) => attempt.note('Reasoning, sealed by the provider', event, ts),

  TOOL_CALL_START: (attempt, { toolCallId, toolCallName }, ts) =>
    attempt.item('tool', toolCallId, ts, call(toolCallName)),
  TOOL_CALL_ARGS: (attempt, { toolCallId, delta }, ts) => write(attempt.item('tool', toolCallId, ts, call()), delta),
  TOOL_CALL_END: (attempt, { toolCallId }, ts) => called(attempt.item('tool', toolCallId, ts, call())),
  TOOL_CALL_CHUNK: (attempt, { toolCallId, toolCallName, delta }, ts) =>
    write(attempt.chunk('tool', toolCallId, ts, call(toolCallName)), delta),
  TOOL_CALL_RESULT(attempt, { toolCallId, content }, ts) {
    const item = attempt.item('tool', toolCallId, ts, call());
    item.result = asText(content);
    close(item, ts);
  },

  STATE_SNAPSHOT: (attempt, { snapshot }, ts) => attempt.note('State', snapshot, ts),
  STATE_DELTA: (attempt, { delta }, ts) => attempt.note(`State: ${paths(delta)}`, delta, ts),
  MESSAGES_SNAPSHOT: (attempt, { messages }, ts) =>
    attempt.note(`Conversation so far: ${messages.length} messages`, messages, ts),
  ACTIVITY_SNAPSHOT: (attempt, { activityType, content }, ts) => attempt.note(`Activity: ${activityType}`, content, ts),
  ACTIVITY_DELTA: (attempt, { activityType, patch }, ts) => attempt.note(`Activity: ${activityType}`, patch, ts),
  SUBAGENT_STARTED: (attempt, event, ts) => attempt.note(`Subagent ${event.name} started`, event, ts),
  SUBAGENT_FINISHED: (attempt, event, ts) => attempt.note('Subagent finished', event, ts),
  SUBAGENT_ERROR: (attempt, event, ts) => attempt.note(`Subagent failed: ${event.message}`, event, ts),
  CUSTOM: (attempt, { name, value }, ts) => attempt.note(`Custom: ${name}`, value, ts),
  RAW: (attempt, { source, event }, ts) => attempt.note(source ? `Raw: ${source}` : 'Raw', event, ts),
};

const text = (role = 'assistant') => ({ role: asText(role), text: '', open: true });
const call = (name = 'tool') => ({ name: asText(name), text: '', open: true, called: false, result: undefined });

function write(item, delta) {
  if (!item || delta === undefined) return;
  item.text += asText(delta);
  item.version++;
}

/** The arguments are whole; the call stays open until its result, or the end of the attempt. */
function called(item) {
  item.called = true;
  item.version++;
}

function close(item, ts) {
  item.open = false;
  item.endedAt = ts;
  item.version++;
}

function paths(patch) {
  const changed = patch.map(({ path }) => path || '/');
  return changed.length > 3 ? `${changed.length} changes` : changed.join(', ');
}

function lastQuestion(messages) {
  const asked = messages?.findLast(({ role }) => role === 'user');
  return asked && asText(asked.content);
}

/** What shows a value as text: a string itself, a list of text parts joined, anything else as JSON. */
function asText(value) {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((part) => typeof part?.text === 'string'))
    return value.map((part) => part.text).join('');
  return String(JSON.stringify(value, null, 2));
}
