import { splitPartner } from './fields'

/** What the list says instead of a value of the language, and a filter that means it; `$` is `rep.`, `req.` or `msg.`. */
const MEANINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'msg.kind': { reply: '$kind == "response"' },
  'msg.status': {
    ok: '($status == "answered" or $status == "received") and not $code',
    error: '$code and $status != "cancelled"',
    'no answer': '$status == "timeout"',
  },
}

/**
 * The filter that a person means who compares a field with the word that is read in its column of the list; undefined
 * where a word means itself.
 *
 * @param name - Of the field, as it was resolved: `msg.status`, `rep.status`.
 */
export function shownMeaning(name: string, word: string): string | undefined {
  const [partner, own] = splitPartner(name)
  const words = MEANINGS[own]
  if (words === undefined || !Object.hasOwn(words, word)) return undefined
  return words[word]!.replaceAll('$', `${partner ?? 'msg'}.`)
}
