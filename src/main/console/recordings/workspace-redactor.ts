import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ConsoleError } from '../../../shared/errors'
import { MAX_RULES_BYTES, parseRedaction, type RedactionRule } from '../../recording/redact/redaction-rules'
import { Redactor } from '../../recording/redact/redactor'

/** What is left out of all recordings of a workspace. */
const REDACTION_FILE = 'redact.yaml'

/** What problems of rules that were typed begin with, in place of a file. */
const TYPED_RULES = 'rules'

/**
 * What leaves secrets out of one recording; undefined where the workspace has no rules.
 *
 * @throws ConsoleError `REDACTION_INVALID`: with rules that cannot be read nothing may be recorded, or secrets would be.
 */
export function workspaceRedactor(workspaceDir: string): Redactor | undefined {
  const text = workspaceRules(workspaceDir)
  return text === undefined ? undefined : new Redactor(parseRedaction(text, REDACTION_FILE))
}

/**
 * Rules as they were typed; left out, those of the workspace.
 *
 * @throws ConsoleError `REDACTION_INVALID` with line and column, or when the workspace has none.
 */
export function redactionRules(workspaceDir: string, typed: string | undefined): readonly RedactionRule[] {
  if (typed !== undefined) return parseRedaction(typed, TYPED_RULES)
  const text = workspaceRules(workspaceDir)
  if (text === undefined)
    throw new ConsoleError('REDACTION_INVALID', `the workspace has no file ${REDACTION_FILE}`)
  return parseRedaction(text, REDACTION_FILE)
}

/**
 * The text of the rules of a workspace; undefined where it has none.
 *
 * @throws ConsoleError `REDACTION_INVALID` where it cannot be read.
 */
export function workspaceRules(workspaceDir: string): string | undefined {
  const path = join(workspaceDir, REDACTION_FILE)
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return undefined
  if (!stats.isFile() || stats.size > MAX_RULES_BYTES)
    throw new ConsoleError(
      'REDACTION_INVALID',
      `${REDACTION_FILE} is no file of at most ${MAX_RULES_BYTES} bytes`,
    )
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new ConsoleError('REDACTION_INVALID', `${REDACTION_FILE} cannot be read`, {}, { cause })
  }
}
