const TEXT = [
  'Grüezi! „Zitat“ und \\ und "quotes"\r\n',
  '\tone tab, two line ends:\n\n',
  '日本語, العربية, 👩‍🚀 🇨🇭 and a bell \u0007',
  ' and what some JSON writers escape: / < > & \u2028 \u2029 \u007f \ufeff',
];
const TOOL_ARGUMENTS = ['{"query":"Zür', 'ich","limit":', '3,"exact":false}'];
const TOOL_RESULT = 'HTTP/1.1 200 OK\r\n\r\n\t[{"id":1,"name":"Zürich"}]\n';

/** One whole run as an agent would write it, by the AG-UI types that both 0.0.59 and 1.0 know. */
export function eventsOf(threadId, runId) {
  const [reasoning, call, answer] = ['reasoning', 'call', 'answer'].map((what) => `${runId}-${what}`);
  return [
    { type: 'RUN_STARTED', threadId, runId },
    { type: 'REASONING_START', messageId: reasoning },
    { type: 'REASONING_MESSAGE_START', messageId: reasoning, role: 'reasoning' },
    { type: 'REASONING_MESSAGE_CONTENT', messageId: reasoning, delta: 'Look the place up first – then answer.' },
    { type: 'REASONING_MESSAGE_END', messageId: reasoning },
    { type: 'REASONING_END', messageId: reasoning },
    { type: 'TOOL_CALL_START', toolCallId: call, toolCallName: 'search', parentMessageId: reasoning },
    ...TOOL_ARGUMENTS.map((delta) => ({ type: 'TOOL_CALL_ARGS', toolCallId: call, delta })),
    { type: 'TOOL_CALL_END', toolCallId: call },
    { type: 'TOOL_CALL_RESULT', messageId: `${call}-result`, toolCallId: call, content: TOOL_RESULT, role: 'tool' },
    { type: 'TEXT_MESSAGE_START', messageId: answer, role: 'assistant' },
    ...TEXT.map((delta) => ({ type: 'TEXT_MESSAGE_CONTENT', messageId: answer, delta })),
    { type: 'TEXT_MESSAGE_END', messageId: answer },
    { type: 'RUN_FINISHED', threadId, runId, result: { places: 1 } },
  ];
}
