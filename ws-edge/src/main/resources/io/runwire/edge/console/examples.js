/** Questions for the demo agent; the first one stands in the field from the start. */
export const EXAMPLES = [
  'Why did checkout latency double at 14:05?',
  'Plan three days in Lisbon by train',
  'What changed in release 2.4?',
];
