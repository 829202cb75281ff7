import type { MessageKind, Priority } from '../../shared/model/trace'
import type { ColourMode } from './worker-protocol'

/**
 * What decides the colour of a chunk, packed in one number: hue 0–8 (4 bits, 0 = no stream), priority (3 bits), kind
 * (2 bits). Kept per chunk so that a chunk keeps its colour after its message was evicted.
 */
const STYLE_COUNT = 1 << 9
const KINDS: readonly MessageKind[] = ['request', 'response', 'event', 'bytes']

export const packStyle = (hue: number, priority: number, kind: MessageKind): number =>
  (Math.min(8, Math.max(0, hue)) & 15) | ((priority & 7) << 4) | (KINDS.indexOf(kind) << 7)

export const hueOfStyle = (style: number): number => style & 15
export const priorityOfStyle = (style: number): Priority => ((style >> 4) & 7) as Priority
export const kindOfStyle = (style: number): MessageKind => KINDS[(style >> 7) & 3] ?? 'request'

/** Colours a mode has. Index 0 of `stream` is "no stream" (control frames). */
export const COLOUR_COUNT = 9

/** Hue token each kind takes in colour mode `type`. */
export const KIND_HUES: Readonly<Record<MessageKind, number>> = {
  request: 1,
  response: 3,
  event: 4,
  bytes: 6,
}

/** Four steps for eight priorities: 0 stands alone because it is the one people look for. */
export const priorityStep = (priority: number): number =>
  priority === 0 ? 0 : Math.min(3, (priority + 1) >> 1)

/** Index of the colour of every style. 0 is "no stream" in every mode; priority steps are 1–4, hues 1–8. */
export function colourTable(mode: ColourMode): Uint8Array {
  const table = new Uint8Array(STYLE_COUNT)
  for (let style = 0; style < STYLE_COUNT; style++) {
    if (mode === 'stream' || hueOfStyle(style) === 0) table[style] = Math.min(8, hueOfStyle(style))
    else if (mode === 'priority') table[style] = 1 + priorityStep(priorityOfStyle(style))
    else table[style] = KIND_HUES[kindOfStyle(style)]
  }
  return table
}
