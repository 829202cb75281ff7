import type { SessionFacts } from '../recording/read/recording-trace'

/** What a person has to know of a recording that secrets were left out of. */
export function redactedWords(redaction: SessionFacts): string {
  const rules = [...redaction].flatMap(([name, words]) => (name.startsWith('rule.') ? [`  ${words}`] : []))
  return [
    'Secrets were left out of this recording: masked values are sent and compared as they stand here,',
    'and bytes that were masked decode to something else.',
    ...rules,
  ].join('\n')
}
