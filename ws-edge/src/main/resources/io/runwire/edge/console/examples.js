/** Questions for the demo agent, which reads this project's sources; the first one stands in the field from the start. */
export const EXAMPLES = [
  'How does a subscription resume from its cursor?',
  'What happens when the router crashes?',
  'Who decides that a socket is too slow?',
];
