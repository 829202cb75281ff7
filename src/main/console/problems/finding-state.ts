import type { Finding } from './problem-facts'

/** What a finding has that most need not say: one occurrence, and no command that helps. */
export const state = (
  id: string,
  check: Finding['check'],
  severity: Finding['severity'],
): Pick<Finding, 'id' | 'check' | 'severity' | 'command' | 'count'> => ({
  id,
  check,
  severity,
  command: '',
  count: 1,
})
