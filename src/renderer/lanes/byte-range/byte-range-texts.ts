import { formatDuration, groupDigits, plural } from '../../ui/format'
import { characterOf } from './byte-range-shape'
import type { ByteRangeShape } from './byte-range-types'

const sum = (values: Float64Array): number => values.reduce((all, value) => all + value, 0)

/** The whole message in one sentence: what the line was, and what took the rest of the time. */
function summary(shape: ByteRangeShape): string {
  const count = shape.startMs.length
  const lengthMs = shape.endMs[count - 1]! - shape.startMs[0]!
  const { heldMs, idleMs } = characterOf(shape)
  const repeats = shape.isRepeat.reduce((all, value) => all + value, 0)
  const lost = shape.holes.reduce((all, [from, to]) => all + to - from, 0)
  const parts = [
    `${groupDigits(sum(shape.bytes))} B in ${plural(count, 'piece')}, ${formatDuration(lengthMs)}`,
    heldMs > 0 ? `${formatDuration(heldMs)} behind others` : '',
    idleMs > 0.05 ? `${formatDuration(idleMs)} line free` : '',
    repeats > 0 ? plural(repeats, 'repeat') : '',
    lost > 0 ? `${groupDigits(lost)} B missing` : '',
    shape.isCut ? 'its beginning is not kept' : '',
  ]
  return parts.filter((part) => part !== '').join(' · ')
}

/** One piece: its bytes, when, how long, and what came before it. */
function piece(shape: ByteRangeShape, at: number): string {
  const from = shape.offsets[at]!
  const to = from + shape.bytes[at]!
  const gapMs = at === 0 ? 0 : Math.max(0, shape.startMs[at]! - shape.endMs[at - 1]!)
  const parts = [
    `${at + 1} of ${shape.startMs.length}: bytes ${groupDigits(from)}–${groupDigits(Math.max(from, to - 1))}`,
    `+${formatDuration(shape.startMs[at]! - shape.startMs[0]!)}`,
    `${formatDuration(shape.endMs[at]! - shape.startMs[at]!)} on the wire`,
    gapMs > 0 ? `${formatDuration(gapMs)} gap` : '',
    shape.heldMs[at]! > 0 ? `${formatDuration(shape.heldMs[at]!)} of it behind others` : '',
    shape.isRepeat[at] === 1 ? 'sent again' : '',
  ]
  return parts.filter((part) => part !== '').join(' · ')
}

export const byteRangeTexts = {
  label: 'Byte ranges',
  title: 'Byte ranges',
  chart: (shape: ByteRangeShape) =>
    `Body offset over time of message ${shape.messageId}. ${summary(shape)}. Left and right step through the pieces.`,
  nothingSelected: 'Select a message to see when its bytes were on the line.',
  noBytes: 'No body bytes of this message are kept here.',
  close: 'Close byte ranges (B)',
  offset: 'Offset B',
  time: 'Time since its first byte',
  legend: {
    own: 'its bytes',
    held: 'others had the line',
    idle: 'line free',
    hole: 'missing',
    repeat: 'sent again',
  },
  summary,
  piece,
} as const
