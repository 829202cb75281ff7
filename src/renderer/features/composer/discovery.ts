import { z } from 'zod'
import { utf8 } from '../../../shared/bytes'

export interface PeerMethod {
  readonly route: string
  readonly description: string
  /** JSON Schema; null: takes none. */
  readonly params: unknown
}

/** How a peer is asked what methods it offers, and how its answer is read. */
export interface Discovery {
  readonly route: string
  readonly body: Uint8Array<ArrayBuffer>
  /** Undefined where the answer is no list of methods. */
  readonly methodsIn: (answer: unknown) => readonly PeerMethod[] | undefined
}

const MAX_METHODS = 500
const name = z.string().max(1024)
const description = z.string().catch('')

const ownOffer = z.object({
  methods: z.array(z.object({ name, description, params: z.unknown() })).max(MAX_METHODS),
})

const conduitOffer = z.object({
  methods: z
    .array(z.object({ name, description, parameters: z.record(z.string(), z.string()).catch({}) }))
    .max(MAX_METHODS),
})

const OWN: Discovery = {
  route: 'rpc/rpc.discover',
  body: new Uint8Array(0),
  methodsIn: (answer) =>
    ownOffer.safeParse(answer).data?.methods.map((method) => ({
      route: `rpc/${method.name}`,
      description: method.description,
      params: method.params ?? null,
    })),
}

const CONDUIT: Discovery = {
  route: 'rpc:listall',
  body: Uint8Array.from(utf8('{}')),
  methodsIn: (answer) =>
    conduitOffer.safeParse(answer).data?.methods.map((method) => ({
      route: `rpc:${method.name}`,
      description: method.description,
      params: schemaOf(method.parameters),
    })),
}

export const discoveryOf = (dialect: string): Discovery => (dialect === 'netconduit' ? CONDUIT : OWN)

/** Names of types as Python writes them; what is not here may be anything. */
const JSON_TYPES: ReadonlyMap<string, string> = new Map([
  ['int', 'integer'],
  ['float', 'number'],
  ['str', 'string'],
  ['bool', 'boolean'],
  ['dict', 'object'],
  ['list', 'array'],
])

/** The library does not say which parameters have a default: none is required here, the peer tells what is missing. */
function schemaOf(parameters: Readonly<Record<string, string>>): unknown {
  const entries = Object.entries(parameters)
  if (entries.length === 0) return null
  const properties = Object.fromEntries(
    entries.map(([parameter, type]) => {
      const json = JSON_TYPES.get(type)
      return [parameter, json === undefined ? {} : { type: json }]
    }),
  )
  return { type: 'object', properties }
}
