/** What stands for a placeholder: as a piece of JSON, and as plain text. */
export interface PlaceholderValue {
  readonly json: string
  readonly text: string
}

/** Gives the value of a placeholder by the name between its braces. */
export type Placeholders = (name: string) => PlaceholderValue

const PLACEHOLDER = /\{\{\s*([^{}]{1,256}?)\s*\}\}/g

/**
 * Fills `{{names}}` of a text. In JSON a placeholder stands for a whole value (`{"id": {{request.body.id}}}`) or for a part of a
 * string (`"got {{request.body.name}}"`), and what a peer sent cannot end the string it is put into.
 */
export function fillTemplate(text: string, isJson: boolean, valueOf: Placeholders): string {
  let filled = ''
  let at = 0
  let isInString = false
  for (const match of text.matchAll(PLACEHOLDER)) {
    const before = text.slice(at, match.index)
    if (isJson) isInString = endsInString(before, isInString)
    const value = valueOf(match[1]!)
    filled += before + (isJson ? pieceOfJson(value, isInString) : value.text)
    at = match.index + match[0].length
  }
  return filled + text.slice(at)
}

const pieceOfJson = ({ json, text }: PlaceholderValue, isInString: boolean): string =>
  isInString ? JSON.stringify(text).slice(1, -1) : json

/** Whether a string of JSON is open after `piece`, which began inside of one or outside. */
function endsInString(piece: string, isInString: boolean): boolean {
  let isOpen = isInString
  for (let at = 0; at < piece.length; at++) {
    const char = piece[at]
    if (isOpen && char === '\\') at += 1
    else if (char === '"') isOpen = !isOpen
  }
  return isOpen
}
