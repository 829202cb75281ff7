import type { CopyShape, ListEvent } from '../../../shared/model/list-view'
import { bodyLine, bodyMember, spacedHex } from './body-text'
import { type CopiedMessage, type CopySurroundings, isoTime } from './copied-message'
import { harmlessJson, harmlessLine } from './harmless-text'
import { sendCommand } from './send-command'

/** How rows become text, one after the other; undefined for rows that a shape leaves out. */
export interface CopyWriter {
  /** Characters that one byte of a body takes at most, about: what cannot fit is not even made. */
  readonly charactersPerByte: number
  readonly head: string
  message(message: CopiedMessage): string
  event(event: ListEvent): string | undefined
}

/** Shapes that stand row by row; a filter is made of all messages together. */
export function copyWriter(
  shape: Exclude<CopyShape, 'filter'>,
  surroundings: CopySurroundings,
  fields: readonly string[],
): CopyWriter {
  const bare = { head: '', event: () => undefined }
  switch (shape) {
    case 'hex':
      return { ...bare, charactersPerByte: 3, message: ({ body = NO_BYTES }) => spacedHex(body) }
    case 'base64':
      return {
        ...bare,
        charactersPerByte: 1.4,
        message: ({ body = NO_BYTES }) =>
          Buffer.from(body.buffer, body.byteOffset, body.length).toString('base64'),
      }
    case 'c-array':
      return {
        ...bare,
        charactersPerByte: 6.2,
        head: '#include <stddef.h>\n#include <stdint.h>\n',
        message: (message) => cArray(message, surroundings),
      }
    case 'command':
      return { ...bare, charactersPerByte: 0, message: (message) => sendCommand(message, surroundings) }
    case 'json':
      return {
        head: '',
        charactersPerByte: 1,
        message: (message) => jsonLine(message, surroundings, fields),
        event: (event) => jsonEvent(event, surroundings),
      }
    case 'text':
      return {
        head: '',
        charactersPerByte: 1,
        message: (message) => textLine(message, surroundings),
        event: (event) => `${surroundings.timeOfDay(event.atMs)}  -- ${eventWords(event)}`,
      }
    case 'markdown':
      return {
        charactersPerByte: 0,
        head: markdownHead(fields),
        message: (message) => markdownRow(message, surroundings),
        event: (event) => markdownEvent(event, surroundings, fields.length),
      }
  }
}

const NO_BYTES = new Uint8Array(0)
const BYTES_PER_LINE = 12

function cArray(message: CopiedMessage, { timeOfDay }: CopySurroundings): string {
  const { id, dir, route, body = NO_BYTES } = message
  // Nothing that ends the comment, and no backslash at the end of its line.
  const about = harmlessLine(`${dir} ${route}`).replaceAll('*/', '* /').replaceAll('??', '? ?')
  const comment = `/* #${id} ${timeOfDay(message.openedMs)} ${about}, ${bytesText(message)} */`
  const lines: string[] = []
  for (let at = 0; at < body.length; at += BYTES_PER_LINE) {
    const line = Array.from(body.subarray(at, at + BYTES_PER_LINE), (byte) => `0x${hexByte(byte)},`)
    lines.push(`  ${line.join(' ')}`)
  }
  // C has no empty arrays: one byte that the length does not count.
  if (body.length === 0) lines.push('  0x00,')
  return (
    `${comment}\nstatic const size_t message_${id}_length = ${body.length};\n` +
    `static const uint8_t message_${id}[${Math.max(1, body.length)}] = {\n${lines.join('\n')}\n};`
  )
}

function jsonLine(message: CopiedMessage, surroundings: CopySurroundings, fields: readonly string[]): string {
  const { id, linkId, dir, route, kind, priority, status, code, openedMs, body } = message
  const members = [
    '"event":"message"',
    `"id":${id}`,
    `"time":"${isoTime(surroundings, openedMs)}"`,
    `"atMs":${openedMs}`,
    `"link":${linkId}`,
    `"dir":"${dir}"`,
    `"route":${jsonOf(route)}`,
    `"kind":"${kind}"`,
    `"priority":${priority}`,
    `"status":"${status}"`,
  ]
  if (code !== null) members.push(`"code":"${code}"`)
  if (message.roundTripMs !== null) members.push(`"roundTripMs":${message.roundTripMs}`)
  members.push(`"headers":${jsonOf(message.headers)}`, `"bytes":${message.bodyBytes}`)
  members.push(body === undefined ? '"body":null' : `"body":${bodyMember(body)}`)
  if (message.note !== '') members.push(`"note":${jsonOf(message.note)}`)
  if (fields.length > 0) {
    const cells = fields.map((field, index) => `${jsonOf(field)}:${jsonOf(message.cells[index] ?? '')}`)
    members.push(`"fields":{${cells.join(',')}}`)
  }
  return `{${members.join(',')}}`
}

function jsonEvent(event: ListEvent, surroundings: CopySurroundings): string {
  const { kind, linkId, atMs, untilMs, code, count, text } = event
  const members = [`"event":"${kind}"`, `"time":"${isoTime(surroundings, atMs)}"`, `"atMs":${atMs}`]
  if (untilMs !== null) members.push(`"untilMs":${untilMs}`)
  if (linkId !== 0) members.push(`"link":${linkId}`)
  if (code !== null) members.push(`"code":"${code}"`)
  if (count !== 0) members.push(`"count":${count}`)
  if (text !== '') members.push(`"text":${jsonOf(text)}`)
  return `{${members.join(',')}}`
}

/** Integers beyond 2^53 keep their digits, as they do in bodies. */
function jsonOf(value: unknown): string {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return harmlessJson(JSON.stringify(value))
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(',')}]`
  return `{${Object.entries(value)
    .map(([name, item]) => `${jsonOf(name)}:${jsonOf(item)}`)
    .join(',')}}`
}

function textLine(message: CopiedMessage, { timeOfDay }: CopySurroundings): string {
  const { dir, kind, route, status, openedMs, body, note, cells } = message
  const parts = [
    timeOfDay(openedMs),
    dir.padEnd(3),
    kind.padEnd(8),
    harmlessLine(route),
    bytesText(message),
    status,
  ]
  if (message.code !== null) parts.push(message.code)
  for (const cell of cells) parts.push(harmlessLine(cell))
  if (body !== undefined && body.length > 0) parts.push(bodyLine(body))
  if (note !== '') parts.push(`# ${harmlessLine(note)}`)
  return parts.join('  ')
}

function eventWords({ kind, code, count, text }: ListEvent): string {
  const parts: string[] = [kind]
  if (count !== 0) parts.push(kind === 'evicted' ? `${count} messages` : `${count} bytes`)
  if (code !== null) parts.push(code)
  if (text !== '') parts.push(harmlessLine(text))
  return parts.join(' ')
}

const MARKDOWN_COLUMNS = ['#', 'Time', 'Dir', 'Route', 'Kind', 'Size', 'Status']

function markdownHead(fields: readonly string[]): string {
  const titles = [...MARKDOWN_COLUMNS, ...fields.map(markdownText), 'Body']
  const rules = titles.map((title) => (title === '#' || title === 'Size' ? '---:' : '---'))
  return `| ${titles.join(' | ')} |\n| ${rules.join(' | ')} |`
}

function markdownRow(message: CopiedMessage, { timeOfDay }: CopySurroundings): string {
  const { id, openedMs, dir, route, kind, status, code, cells, preview } = message
  const columns = [
    String(id),
    timeOfDay(openedMs),
    dir,
    markdownText(route),
    kind,
    bytesText(message),
    code === null ? status : `${status} (${code.replaceAll('_', '\\_')})`,
    ...cells.map(markdownText),
    markdownText(preview),
  ]
  return `| ${columns.join(' | ')} |`
}

function markdownEvent(event: ListEvent, { timeOfDay }: CopySurroundings, cells: number): string {
  const empty = ' |'.repeat(3 + cells + 1)
  return `| | ${timeOfDay(event.atMs)} | | *${markdownText(eventWords(event))}* |${empty}`
}

/** Text that Markdown shows as it is: no columns, no links, no markup, no HTML. */
const markdownText = (text: string): string =>
  harmlessLine(text)
    .replaceAll('\\\\', '\\')
    .replace(/[\\`*_{}[\]()<>#+!|~&-]/g, '\\$&')

const hexByte = (byte: number): string => byte.toString(16).padStart(2, '0')

const bytesText = ({ bodyBytes }: CopiedMessage): string =>
  bodyBytes === 1 ? '1 byte' : `${bodyBytes} bytes`
