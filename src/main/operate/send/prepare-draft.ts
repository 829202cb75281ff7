import { ConsoleError } from '../../../shared/errors'
import {
  type FilledText,
  fillJson,
  fillText,
  type ValueOf,
  type VariableUse,
} from '../../../shared/workspace/fill-template'
import type { BodyText, MessageDraft } from '../../../shared/workspace/workspace-types'
import type { DraftProblem } from '../../../shared/model/drafts'
import type { MessageBody } from '../../netcore/pipe/message-body'
import { encodeBody, measureBody, type TextProblem } from './draft-body'

/** Of a body after its variables are filled. */
const MAX_FILLED_CHARACTERS = 16 * 1024 * 1024

/** A draft whose variables are filled. */
export interface FilledDraft {
  readonly route: string
  readonly headers: Readonly<Record<string, string | number | boolean | null>>
  readonly body: BodyText | null
  readonly problems: readonly DraftProblem[]
  /** Character of the body as it was written for one of the filled body. */
  readonly writtenAt: (filledAt: number) => number
}

/** Puts values in place of variables, and says what is wrong as far as that can be seen without its bytes. */
export function fillDraft(draft: MessageDraft, variables: ReadonlyMap<string, string>): FilledDraft {
  const valueOf: ValueOf = (name) => variables.get(name)
  const problems: DraftProblem[] = []
  const filled = (field: DraftProblem['field'], header: string, result: FilledText): FilledText => {
    for (const use of result.missing) problems.push({ field, header, ...unknownVariable(use, variables) })
    return result
  }
  const route = filled('route', '', fillText(draft.route, valueOf)).text
  if (route === '' && draft.kind !== 'bytes') {
    problems.push({
      field: 'route',
      header: '',
      at: 0,
      message: 'a route is needed',
      remedy: 'Write where the message goes.',
    })
  }
  const headers: Record<string, string | number | boolean | null> = {}
  for (const [name, value] of Object.entries(draft.headers)) {
    headers[name] = typeof value === 'string' ? filled('headers', name, fillText(value, valueOf)).text : value
  }
  if (draft.body === null) return { route, headers, body: null, problems, writtenAt: (at) => at }
  const { format, text } = draft.body
  const body = filled(
    'body',
    '',
    format === 'json' || format === 'msgpack' ? fillJson(text, valueOf) : fillText(text, valueOf),
  )
  if (body.text.length > MAX_FILLED_CHARACTERS) {
    const remedy = 'Send it as a file.'
    problems.push({
      field: 'body',
      header: '',
      at: null,
      message: `the body has over ${MAX_FILLED_CHARACTERS} characters`,
      remedy,
    })
  }
  return { route, headers, body: { format, text: body.text }, problems, writtenAt: body.writtenAt }
}

/**
 * The bytes of a draft.
 *
 * @throws ConsoleError `VARIABLE_UNKNOWN`, `DRAFT_INVALID` with what is wrong first.
 */
export function encodeDraft(filled: FilledDraft, dir: string): MessageBody {
  const [first] = filled.problems
  if (first !== undefined) throw draftError(first)
  if (filled.body === null) return new Uint8Array(0)
  const encoded = encodeBody(filled.body, dir)
  if ('body' in encoded) return encoded.body
  throw draftError(bodyProblem(encoded, filled))
}

/** Everything that is wrong with a draft, and the length of its body; null when that cannot be told. */
export async function checkDraft(
  filled: FilledDraft,
  dir: string,
): Promise<{ readonly problems: readonly DraftProblem[]; readonly bytes: number | null }> {
  if (filled.body === null) return { problems: filled.problems, bytes: 0 }
  if (filled.problems.some(({ field }) => field === 'body')) return { problems: filled.problems, bytes: null }
  const measured = await measureBody(filled.body, dir)
  if ('bytes' in measured) return { problems: filled.problems, bytes: measured.bytes }
  return { problems: [...filled.problems, bodyProblem(measured, filled)], bytes: null }
}

const bodyProblem = ({ at, message, remedy }: TextProblem, { writtenAt }: FilledDraft): DraftProblem => ({
  field: 'body',
  header: '',
  at: at === null ? null : writtenAt(at),
  message,
  remedy,
})

function unknownVariable(
  { name, at }: VariableUse,
  variables: ReadonlyMap<string, string>,
): Pick<DraftProblem, 'at' | 'message' | 'remedy' | 'variable'> {
  const known = [...variables.keys()].slice(0, 20).map((each) => `{{${each}}}`)
  const remedy =
    known.length === 0
      ? 'No variable has a value here: choose an environment, or give the variable a value.'
      : `These have a value: ${known.join(', ')}. A secret has one as soon as it is set.`
  return { at, message: `{{${name}}} has no value`, remedy, variable: name }
}

function draftError({ field, header, at, message, remedy, variable }: DraftProblem): ConsoleError {
  const place = field === 'headers' ? `header ${header}` : field
  const code = variable === undefined ? 'DRAFT_INVALID' : 'VARIABLE_UNKNOWN'
  return new ConsoleError(code, `${place}: ${message}`, { field, header, at, remedy })
}
