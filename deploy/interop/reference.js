import { EventSchemas as current } from '@ag-ui/core/schemas';
import { EventSchemas as pinnedByCopilotKit } from '@ag-ui/core-0059';

const SCHEMAS = { '1.0.0': current, '0.0.59': pinnedByCopilotKit };

/** The versions of @ag-ui/core by which events are judged. */
export const VERSIONS = Object.keys(SCHEMAS);

/** Why this version refuses the event, one text for each reason; empty if it accepts it. */
export function reasonsAgainst(event, version) {
  const { success, error } = SCHEMAS[version].safeParse(event);
  return success ? [] : error.issues.map(({ path, message }) => `${version}: ${path.join('.') || 'event'}: ${message}`);
}
