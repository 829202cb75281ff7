import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ConsoleError } from '../../../shared/errors'
import { MAX_RULES_BYTES, parseRedaction } from '../../recording/redact/redaction-rules'
import { Redactor } from '../../recording/redact/redactor'

/** What is left out of all recordings of a workspace. */
export const REDACTION_FILE = 'redact.yaml'

/**
 * What leaves secrets out of one recording; undefined where the workspace has no rules.
 *
 * @throws ConsoleError `REDACTION_INVALID`: with rules that cannot be read nothing may be recorded, or secrets would be.
 */
export function workspaceRedactor(workspaceDir: string): Redactor | undefined {
  const path = join(workspaceDir, REDACTION_FILE)
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return undefined
  if (!stats.isFile() || stats.size > MAX_RULES_BYTES)
    throw new ConsoleError(
      'REDACTION_INVALID',
      `${REDACTION_FILE} is no file of at most ${MAX_RULES_BYTES} bytes`,
    )
  try {
    return new Redactor(parseRedaction(readFileSync(path, 'utf8'), REDACTION_FILE))
  } catch (cause) {
    if (cause instanceof ConsoleError) throw cause
    throw new ConsoleError('REDACTION_INVALID', `${REDACTION_FILE} cannot be read`, {}, { cause })
  }
}
