import type { FieldRef } from './filter-types'

export type FieldType = 'text' | 'number' | 'boolean' | 'bytes' | 'time' | 'message' | 'any'

/** What a message can be asked for. */
export interface FieldInfo {
  readonly name: string
  readonly type: FieldType
  /** Of numbers; in this unit they are handed over and compared. */
  readonly unit: 'ms' | 'B' | null
  readonly description: string
  /** All that it can be, or the usual ones where `isClosed` is false. */
  readonly values: readonly string[]
  readonly isClosed: boolean
  /** A path follows: `body.temp.value`. */
  readonly hasPath: boolean
  /** The body has to be looked at. */
  readonly isCostly: boolean
  /** A message may have several of it. */
  readonly isSeveral: boolean
}

type Traits = Partial<Omit<FieldInfo, 'name' | 'type' | 'description'>>

const field = (name: string, type: FieldType, description: string, traits: Traits = {}): FieldInfo => ({
  unit: null,
  values: [],
  isClosed: (traits.values ?? []).length > 0,
  hasPath: false,
  isCostly: false,
  isSeveral: false,
  ...traits,
  name,
  type,
  description,
})

const MS: Traits = { unit: 'ms' }
const STATUSES = [
  'queued',
  'sending',
  'sent',
  'waiting',
  'answered',
  'receiving',
  'received',
  'cancelled',
  'failed',
  'timeout',
  'interrupted',
]

/** Every field, in the order in which they are offered. */
export const FILTER_FIELDS: readonly FieldInfo[] = [
  field('msg.route', 'text', 'Where the message goes'),
  field('msg.kind', 'text', 'What the message is for', { values: ['request', 'response', 'event', 'bytes'] }),
  field('msg.type', 'text', 'Like msg.kind, with pieces of an unframed stream as "stream"', {
    values: ['request', 'response', 'event', 'stream'],
  }),
  field('msg.subscription', 'boolean', 'Whether the message is a request for any number of answers', {
    values: ['true', 'false'],
  }),
  field('msg.status', 'text', 'How far it has come', { values: STATUSES }),
  field('msg.dir', 'text', 'Received or sent, seen from here', { values: ['in', 'out'] }),
  field('msg.code', 'text', 'What went wrong, as a code; missing when nothing did'),
  field('msg.prio', 'number', 'Priority: 0 is most urgent, 7 least'),
  field('msg.size', 'number', 'Length of the body', { unit: 'B' }),
  field('msg.chunks', 'number', 'Pieces that the body came in'),
  field('msg.rtt', 'number', 'From a request to its answer', MS),
  field('msg.duration', 'number', 'From the first sign of a message to its end', MS),
  field('msg.queue', 'number', 'From being queued here to its first byte on the line', MS),
  field(
    'msg.blocked',
    'number',
    'Waited in all: in the queue, and between its chunks while others held the line',
    MS,
  ),
  field('msg.wire', 'number', 'Time that its frames took on the line', MS),
  field('msg.retries', 'number', 'Frames of it that were on the line before'),
  field('msg.codec', 'text', 'How the body can be read', {
    values: ['empty', 'json', 'msgpack', 'text', 'bytes'],
    isCostly: true,
  }),
  field('msg.id', 'number', 'Number of the message in this session, as in the list'),
  field('msg.ref', 'text', 'Id of the message on the wire'),
  field('link.name', 'text', 'Name of the link'),
  field('link.kind', 'text', 'How the link is reached', {
    values: ['serial', 'tcp', 'tcp-listen', 'ws', 'ws-listen', 'udp', 'udp-listen', 'sim'],
    isClosed: false,
  }),
  field('link.proto', 'text', 'Dialect that the link speaks', {
    values: ['lso', 'native', 'netconduit', 'socketd', 'raw'],
    isClosed: false,
  }),
  field('rpc.method', 'text', 'Method of a call and of its answer, where the route tells: rpc:add is add'),
  field('rpc.error', 'text', 'Code that the peer gave for a failed call; missing when it did not fail', {
    isCostly: true,
  }),
  field('task.name', 'text', 'Name of the task that sent the message'),
  field('cache.key', 'text', 'Key of the cache that its body was stored under'),
  field('body', 'any', 'A value inside the body, by its path: body.temp.value', {
    hasPath: true,
    isCostly: true,
  }),
  field('header', 'any', 'A header, by its name: header.user', { hasPath: true }),
  field('text', 'text', 'The body as text', { isCostly: true }),
  field('bytes', 'bytes', 'The bytes of the body', { isCostly: true }),
  field('time', 'time', 'Time of day at which the message appeared'),
  field('age', 'number', 'How long ago the message appeared', MS),
  field('marked', 'boolean', 'Somebody put a mark on it', { values: ['true', 'false'] }),
  field('tag', 'text', 'A word with # in its notes: #slow is the tag slow', { isSeveral: true }),
  field('note', 'text', 'What somebody wrote about it', { isSeveral: true }),
  field('rep', 'message', 'The answer to this request; rep.status is a field of the answer'),
  field('req', 'message', 'The request that this answers; req.route is a field of the request'),
  field(
    'chunk.seq',
    'number',
    'Numbers of its chunks, from 0: matches when one of them does, so == 3 is a message of four chunks or more',
    { isSeveral: true },
  ),
  field('chunk.size', 'number', 'Body bytes of its chunks: matches when one of them does', {
    unit: 'B',
    isSeveral: true,
  }),
  field(
    'chunk.last',
    'boolean',
    'Whether a chunk was the last: true once the last one is there, == false where others came before it',
    {
      values: ['true', 'false'],
      isSeveral: true,
    },
  ),
  field(
    'chunk.crc_ok',
    'boolean',
    'Whether a chunk came undamaged: == false is a message with a damaged one',
    {
      values: ['true', 'false'],
      isSeveral: true,
    },
  ),
  field('chunk.gap', 'number', 'Pauses between its chunks: matches when one of them does', {
    unit: 'ms',
    isSeveral: true,
  }),
]

/** Where a filter is used: on the messages of a session, or on the rows of two recordings that are compared. */
export type FilterScope = 'messages' | 'compare'

/** What a row of a comparison can be asked for beside the fields of its message. */
export const COMPARE_FIELDS: readonly FieldInfo[] = [
  field('diff.kind', 'text', 'What became of it in the second recording', {
    values: ['equal', 'changed', 'missing', 'added', 'reordered', 'slower', 'faster'],
    isSeveral: true,
  }),
  field('diff.field', 'text', 'Names of the fields that changed, such as reply.rev', { isSeveral: true }),
  field('diff.latency', 'number', 'How much longer it took in the second recording', MS),
]

const byName = new Map(FILTER_FIELDS.map((info) => [info.name, info]))
const compareByName = new Map(COMPARE_FIELDS.map((info) => [info.name, info]))
/** First words of fields: `msg.rute` is a field misspelt, not text to look for. */
export const FIELD_ROOTS: ReadonlySet<string> = new Set(
  [...FILTER_FIELDS, ...COMPARE_FIELDS].map(({ name }) => name.split('.')[0]!),
)
const PARTNERS: ReadonlySet<string> = new Set(['rep', 'req'])

/** The field with this full name, also of a partner: `rep.status` is what `msg.status` is for the answer. */
export function fieldNamed(name: string): FieldInfo | undefined {
  const known = byName.get(name) ?? compareByName.get(name)
  if (known !== undefined) return known
  const [partner, own] = splitPartner(name)
  const info = partner === null ? undefined : byName.get(own)
  if (info === undefined || info.type === 'message' || name !== partnerFieldName(partner!, own))
    return undefined
  return { ...info, name }
}

/** `rep.status` is `['rep', 'msg.status']`; a field of the message itself comes with null. */
export function splitPartner(name: string): readonly ['rep' | 'req' | null, string] {
  const dot = name.indexOf('.')
  const first = name.slice(0, dot)
  if (dot < 0 || !PARTNERS.has(first)) return [null, name]
  const rest = name.slice(dot + 1)
  return [first as 'rep' | 'req', byName.has(`msg.${rest}`) ? `msg.${rest}` : rest]
}

/** `rep` and `msg.status` give `rep.status`. */
export const partnerFieldName = (partner: string, own: string): string =>
  `${partner}.${own.startsWith('msg.') ? own.slice(4) : own}`

export const fieldInfo = (ref: FieldRef): FieldInfo => fieldNamed(ref.name)!

/** Whether a field is there where the filter is used. */
export const isInScope = (name: string, scope: FilterScope): boolean =>
  scope === 'compare' || !compareByName.has(name)

/** Names to suggest for a misspelt one. */
export function allFieldNames(scope: FilterScope = 'messages'): string[] {
  const own = FILTER_FIELDS.map(({ name }) => name)
  const ofPartners = own.flatMap((name) =>
    PARTNERS.has(name) ? [] : [...PARTNERS].map((partner) => partnerFieldName(partner, name)),
  )
  return [...own, ...ofPartners, ...(scope === 'compare' ? compareByName.keys() : [])]
}
