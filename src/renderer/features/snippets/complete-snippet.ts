import { completionsAt, type SeenValues } from '../../../shared/filter'
import { STEP_WORDS } from '../../../shared/workspace/snippet-file'
import type { TextCompletion, TextCompletions } from '../../ui/editor/text-editor-types'
import { snippetTexts as t } from './texts'

/** What is known of the session: it makes completions of values. */
export interface KnownValues {
  readonly routes: readonly string[]
  /** Of the workspace. */
  readonly messages: readonly string[]
  readonly seen: SeenValues
}

const HEAD_WORDS: readonly TextCompletion[] = ['title', 'variables', 'timeout', 'steps'].map((word) => ({
  label: word,
  apply: word === 'steps' ? 'steps:\n  - ' : `${word}: `,
}))
const WITHIN: TextCompletion = { label: 'within', detail: 'expect', apply: 'within: 2s' }
const FAIL: TextCompletion = { label: 'fail', detail: 'stop if', apply: 'fail: true' }
const SAVE: TextCompletion = { label: 'save', detail: 'send', apply: 'save: ' }
const INNER: TextCompletion = { label: 'steps', detail: 'repeat', apply: 'steps:\n' }
const MESSAGE_WORDS: readonly TextCompletion[] = [
  'route',
  'kind',
  'priority',
  'timeout',
  'headers',
  'body',
  'expect',
].map((word) => ({ label: word, apply: `${word}: ` }))
const VALUE_PLACES: readonly TextCompletion[] = [
  'reply.body.',
  'reply.headers.',
  'reply.text',
  'reply.rtt',
  'message.route',
  'message.body.',
].map((label) => ({ label }))

/** What could stand where the cursor is in the text of a snippet. Null when nothing fits. */
export function completeSnippet(
  text: string,
  at: number,
  isAsked: boolean,
  known: KnownValues,
): TextCompletions | null {
  const lineFrom = text.lastIndexOf('\n', at - 1) + 1
  const line = text.slice(lineFrom, at)
  const filter = /^(\s*-?\s*(?:expect|stop if):\s+)(['"]?)(.*)$/.exec(line)
  if (filter !== null) return filterWords(filter[3]!, at, isAsked, known.seen)
  const value = /^(?:.*[{\s])?(?:route|send|set|[\w.-]+):\s+([^\s:{}]*)$/.exec(line)
  if (value !== null) return valueWords(line, value[1]!, at, known)
  const word = /^(\s*)(-\s+)?([a-z][a-z ]*)?$/.exec(line)
  if (word === null) return null
  const [, indent = '', dash = '', typed = ''] = word
  if (typed === '' && !isAsked && dash === '') return null
  return offered(keyWords(indent, dash !== ''), typed, at)
}

function filterWords(typed: string, at: number, isAsked: boolean, seen: SeenValues): TextCompletions | null {
  const { from, items } = completionsAt(typed, typed.length, seen)
  if (items.length === 0 || (!isAsked && from === typed.length)) return null
  return {
    from: at - (typed.length - from),
    options: items.map(({ label, detail, insert }) => ({ label, detail, apply: insert })),
  }
}

function valueWords(line: string, typed: string, at: number, known: KnownValues): TextCompletions | null {
  if (/route:\s+\S*$/.test(line)) {
    return offered(
      known.routes.map((label) => ({ label, detail: t.route })),
      typed,
      at,
    )
  }
  if (/send:\s+\S*$/.test(line)) {
    return offered(
      known.messages.map((label) => ({ label, detail: t.ofWorkspace })),
      typed,
      at,
    )
  }
  return /^\s{4,}[\w.-]+:\s+\S*$|set:/.test(line) && typed !== '' ? offered(VALUE_PLACES, typed, at) : null
}

function keyWords(indent: string, isItem: boolean): readonly TextCompletion[] {
  if (indent === '' && !isItem) return HEAD_WORDS
  const steps = STEP_WORDS.map(({ word, example, help }) => ({ label: word, detail: help, apply: example }))
  if (isItem) return steps
  return [WITHIN, SAVE, FAIL, INNER, ...MESSAGE_WORDS]
}

function offered(options: readonly TextCompletion[], typed: string, at: number): TextCompletions | null {
  const wanted = typed.toLowerCase()
  const fitting = options.filter(({ label }) => label.toLowerCase().includes(wanted) && label !== typed)
  return fitting.length === 0 ? null : { from: at - typed.length, options: fitting.slice(0, 50) }
}
