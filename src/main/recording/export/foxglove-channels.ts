import { MAX_RECORDED_LINKS } from '../format/channels'
import type { EntrySchema } from '../format/schemas'
import type { ChannelFacts } from '../write/mcap-encoder'

/** What belongs to a link: topics `/link/<n>/…`. `stats` of link 0 is `/stats`: the figures of the first link. */
const TOPICS = ['rx', 'tx', 'event', 'chunk', 'message', 'body', 'stats', 'console'] as const
export type FoxgloveTopic = (typeof TOPICS)[number]

const CHANNELS_PER_LINK = 16

/** Undefined for a link with a number that no file of ours has. */
export function foxgloveChannelId(topic: FoxgloveTopic, linkId: number): number | undefined {
  if (linkId > MAX_RECORDED_LINKS) return undefined
  return linkId * CHANNELS_PER_LINK + TOPICS.indexOf(topic) + 1
}

export function foxgloveChannel(channelId: number): ChannelFacts | undefined {
  const linkId = Math.floor((channelId - 1) / CHANNELS_PER_LINK)
  const topic = TOPICS[(channelId - 1) % CHANNELS_PER_LINK]
  if (topic === undefined) return undefined
  return {
    topic: linkId === 0 ? `/${topic}` : `/link/${linkId}/${topic}`,
    encoding: 'json',
    schema: SCHEMAS[topic],
  }
}

const time = { type: 'object', properties: { sec: { type: 'integer' }, nsec: { type: 'integer' } } } as const
const text = { type: 'string' } as const
const number = { type: 'number' } as const
const integer = { type: 'integer' } as const
const maybe = { type: ['number', 'null'] } as const

const schema = (name: string, properties: Readonly<Record<string, unknown>>): EntrySchema => ({
  name,
  text: JSON.stringify({ title: name, type: 'object', properties: { timestamp: time, ...properties } }),
})

const bytes = schema('netcore.Bytes', {
  offset: integer,
  bytes: integer,
  hex: text,
  data: { type: 'string', contentEncoding: 'base64' },
})

const message = {
  message: integer,
  route: text,
  kind: text,
  dir: text,
  priority: integer,
}

const SCHEMAS: Readonly<Record<FoxgloveTopic, EntrySchema>> = {
  rx: bytes,
  tx: bytes,
  event: schema('netcore.LinkEvent', { type: text, phase: text, url: text, code: {}, detail: text }),
  chunk: schema('netcore.Chunk', {
    dir: text,
    frameKind: text,
    chunkIndex: integer,
    payloadBytes: integer,
    wireBytes: integer,
    startMs: number,
    endMs: number,
  }),
  message: schema('netcore.Message', {
    ...message,
    ref: text,
    bytes: integer,
    status: text,
    code: {},
    duration_ms: number,
    rtt_ms: maybe,
    blocked_ms: maybe,
    partner: integer,
  }),
  body: schema('netcore.Body', { ...message, body: {} }),
  stats: schema('netcore.Stats', {
    rx_Bps: number,
    tx_Bps: number,
    utilisation: maybe,
    queue: integer,
    lost: integer,
    rtt_p95: maybe,
  }),
  console: schema('foxglove.Log', { level: integer, message: text, name: text, file: text, line: integer }),
}
