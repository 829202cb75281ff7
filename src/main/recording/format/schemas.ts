import type { ChannelPlace } from './channels'

/** Version of what stands in the entries. Another one is told by the metadata record `session`; older ones stay readable. */
export const FORMAT_VERSION = 1
/** Metadata of a recording that something was left out of. */
export const REDACTION_RECORD = 'redaction'

const text = { type: 'string' } as const
const number = { type: 'number' } as const
const integer = { type: 'integer' } as const
const flag = { type: 'boolean' } as const
const bytes = { type: 'string', contentEncoding: 'base64' } as const
const anything = {}
const nullable = <T extends { readonly type: string }>(schema: T) => ({
  ...schema,
  type: [schema.type, 'null'],
})

type Properties = Readonly<Record<string, unknown>>

/** All that a viewer may offer as a path. Nothing is required: older and newer files stay valid. */
const PROPERTIES: Readonly<Partial<Record<ChannelPlace['name'], readonly [title: string, Properties]>>> = {
  event: [
    'netcore.LinkEvent',
    { type: text, phase: text, url: text, code: nullable(text), detail: text, lines: anything },
  ],
  chunk: [
    'netcore.Chunk',
    {
      dir: { enum: ['in', 'out'] },
      kind: text,
      message: integer,
      index: integer,
      bodyOffset: integer,
      bytes: integer,
      wireBytes: integer,
      streamOffset: integer,
      isLast: flag,
      isRepeat: flag,
      startMs: number,
      endMs: number,
    },
  ],
  message: [
    'netcore.Message',
    {
      dir: { enum: ['in', 'out'] },
      message: integer,
      ref: text,
      route: text,
      kind: text,
      priority: integer,
      headers: anything,
      outcome: text,
      code: nullable(text),
      bytes: integer,
      answers: integer,
      roundTripMs: nullable(number),
    },
  ],
  op: ['netcore.Operation', { operation: text, detail: anything }],
  task: ['netcore.TaskRun', { task: text, outcome: text, detail: text, lateMs: nullable(number) }],
  cache: ['netcore.CacheChange', { key: text, change: text, detail: text }],
  problem: ['netcore.Problem', { code: text, message: text, dir: text, lostBytes: integer }],
  console: [
    'foxglove.Log',
    {
      timestamp: { type: 'object', properties: { sec: integer, nsec: integer } },
      level: integer,
      message: text,
      name: text,
      file: text,
      line: integer,
    },
  ],
  clock: [
    'netcore.ClockSample',
    {
      offsetMs: number,
      uncertaintyMs: number,
      roundTripMs: number,
      driftPpm: nullable(number),
      link: integer,
    },
  ],
  note: ['netcore.Note', { kind: text, text, message: nullable(integer), preview: bytes }],
  gap: ['netcore.Gap', { reason: text, entries: integer, bytes: integer }],
}

export interface EntrySchema {
  readonly name: string
  /** JSON Schema as text. */
  readonly text: string
}

/** The schema of a JSON channel; undefined for bytes. */
export function schemaOf(name: ChannelPlace['name']): EntrySchema | undefined {
  const known = PROPERTIES[name]
  if (known === undefined) return undefined
  const [title, properties] = known
  return {
    name: title,
    text: JSON.stringify({ title, $comment: `version ${FORMAT_VERSION}`, type: 'object', properties }),
  }
}
