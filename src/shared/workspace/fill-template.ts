/** A `{{name}}` in a text. */
export interface VariableUse {
  readonly name: string
  /** Character where its braces begin. */
  readonly at: number
  readonly length: number
}

/** A text with values in place of its variables. Values are put in as they are: braces within them mean nothing. */
export interface FilledText {
  readonly text: string
  /** Uses that have no value; they stay as they stand. */
  readonly missing: readonly VariableUse[]
  /** Character of the text as it was written for one of the filled text. */
  readonly writtenAt: (filledAt: number) => number
}

/** What stands for a variable; undefined when nothing does. */
export type ValueOf = (name: string) => string | undefined

/** All variables of a text in their order. Other braces are text. */
export function variableUses(text: string): VariableUse[] {
  const uses: VariableUse[] = []
  for (const match of text.matchAll(/\{\{\s*([A-Za-z_][A-Za-z0-9_.-]*)\s*\}\}/g)) {
    uses.push({ name: match[1] ?? '', at: match.index, length: match[0].length })
  }
  return uses
}

export const fillText = (text: string, valueOf: ValueOf): FilledText => fill(text, valueOf, (value) => value)

/**
 * Fills JSON so that it stays JSON whatever the values are: within quotes a value becomes characters of the string; outside it
 * becomes itself when it is JSON, else a string.
 */
export function fillJson(text: string, valueOf: ValueOf): FilledText {
  const isQuoted = quotes(text)
  return fill(text, valueOf, (value, at) => {
    if (isQuoted(at)) return JSON.stringify(value).slice(1, -1)
    return isJson(value) ? value : JSON.stringify(value)
  })
}

function fill(text: string, valueOf: ValueOf, written: (value: string, at: number) => string): FilledText {
  const missing: VariableUse[] = []
  const places: { readonly from: number; readonly to: number; readonly use: VariableUse }[] = []
  let filled = ''
  let done = 0
  for (const use of variableUses(text)) {
    const value = valueOf(use.name)
    if (value === undefined) {
      missing.push(use)
      continue
    }
    filled += text.slice(done, use.at)
    const from = filled.length
    filled += written(value, use.at)
    places.push({ from, to: filled.length, use })
    done = use.at + use.length
  }
  const writtenAt = (filledAt: number): number => {
    const last = places.findLast(({ from }) => from <= filledAt)
    if (last === undefined) return filledAt
    return filledAt < last.to ? last.use.at : last.use.at + last.use.length + filledAt - last.to
  }
  return { text: filled + text.slice(done), missing, writtenAt }
}

/** Tells whether a character lies within a JSON string. Asked in rising order only. */
function quotes(text: string): (at: number) => boolean {
  let seen = 0
  let isInside = false
  return (at) => {
    for (; seen < at; seen++) {
      const char = text[seen]
      if (char === '"') isInside = !isInside
      else if (char === '\\' && isInside) seen++
    }
    return isInside
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
