import { type Document, LineCounter, parseDocument, type YAMLError } from 'yaml'
import { z } from 'zod'
import type { FileProblem } from './workspace-types'
import { checkProblem } from './yaml-problem'

z.config({ jitless: true }) // the page's security policy forbids building functions from text

/** What a file says, or what is wrong with it. */
export type FileReading<T> =
  | { readonly value: T; readonly problem?: never }
  | { readonly problem: FileProblem; readonly value?: never }

/** A hundred uses of an anchor are a person's; millions are a bomb. */
const MAX_ALIASES = 100

/**
 * Reads a small YAML file and holds it against a check. Never throws for what stands in the file: the problem names
 * line, column and remedy. An empty file is an empty mapping.
 */
export function readYaml<T>(text: string, file: string, check: z.ZodType<T>): FileReading<T> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true })
  const error = document.errors[0]
  if (error !== undefined) return { problem: syntaxProblem(error, file, lines) }
  const data = plainData(document)
  if (data === undefined) {
    return {
      problem: whole(file, 'aliases stand for too much', 'Write the parts out instead of using aliases.'),
    }
  }
  const result = check.safeParse(data.value ?? {})
  if (result.success) return { value: result.data }
  const issue = result.error.issues[0]
  if (issue === undefined)
    return { problem: whole(file, 'the file makes no sense', 'See docs/workspace.md.') }
  return { problem: { file, ...checkProblem(issue, check, document, lines) } }
}

function plainData(document: Document): { readonly value: unknown } | undefined {
  try {
    return { value: document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown }
  } catch {
    return undefined
  }
}

const whole = (file: string, message: string, remedy: string): FileProblem => ({
  file,
  line: 0,
  column: 0,
  message,
  remedy,
})

const SYNTAX_REMEDIES: Partial<Record<YAMLError['code'], string>> = {
  TAB_AS_INDENT: 'Indent with spaces; YAML allows no tabs there.',
  DUPLICATE_KEY: 'Keep one of the two lines.',
  BAD_INDENT: 'Indent the lines that belong together by the same number of spaces.',
  MULTIPLE_DOCS: 'Keep one document in the file: remove the line "---" and what follows.',
  MISSING_CHAR: 'Close the quote or the bracket that was opened there.',
  NON_STRING_KEY: 'Write the key in quotes.',
  BLOCK_AS_IMPLICIT_KEY: 'Put the value in quotes when it holds ": ", or indent what belongs below it.',
}

function syntaxProblem(error: YAMLError, file: string, lines: LineCounter): FileProblem {
  const { line, col } = lines.linePos(error.pos[0])
  return {
    file,
    line,
    column: col,
    message: error.message.replaceAll(/\s+/g, ' '),
    remedy:
      SYNTAX_REMEDIES[error.code] ??
      'Correct the YAML at this place. Put text with special characters in quotes.',
  }
}
