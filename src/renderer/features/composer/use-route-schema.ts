import { useEffect, useMemo, useState } from 'react'
import { toWireError } from '../../../shared/errors'
import { type FieldSchema, readFieldSchema } from '../../../shared/schema/field-schema'
import { coversRoute, parseSchema } from '../../../shared/workspace/schema-file'
import { useApp } from '../../store/app-store'
import { selectLinks } from '../../store/links-slice'
import { useSession } from '../../store/session-context'
import { useFeed } from '../../store/use-feed'
import { askMethods } from './ask-methods'
import type { PeerMethod } from './discovery'

export interface RouteSchemas {
  /** What the body on the route looks like; null when nobody knows. */
  readonly schema: FieldSchema | null
  /** Routes that somebody knows. */
  readonly routes: readonly string[]
  /** Asks the peer what it offers; null without a link. */
  readonly ask: (() => void) | null
  readonly isAsking: boolean
  readonly hasAsked: boolean
  /** Why the peer did not say it. */
  readonly problem: string | null
}

interface Asked {
  readonly linkId: number
  readonly methods: readonly PeerMethod[]
  readonly problem: string | null
  readonly isAsking: boolean
}

const SCHEMAS = { kind: 'schemas' } as const
const NO_METHODS: readonly PeerMethod[] = []

/** What is known of bodies: schemas of the workspace first, then what the peer said when it was asked. */
export function useRouteSchema(route: string, linkId: number | null): RouteSchemas {
  const session = useSession()
  const dialect = useApp((s) => selectLinks(s).find((link) => link.linkId === linkId)?.dialect ?? '')
  const [asked, setAsked] = useState<Asked | null>(null)
  const { item } = useFeed('workspace', SCHEMAS)
  const known = asked !== null && asked.linkId === linkId ? asked : null
  const methods = known?.methods ?? NO_METHODS
  const entries = item?.entries
  // the summary of a schema is the route it is for
  const entry = entries?.find(({ problem, summary }) => problem === null && coversRoute(summary, route))
  const name = entry?.name ?? null
  const revision = entry?.revision ?? ''
  const [read, setRead] = useState<{ readonly key: string; readonly schema: FieldSchema | null } | null>(null)
  const key = `${name ?? ''} ${revision}`
  useEffect(() => {
    if (name === null) return
    session.client.call('workspace.read', { kind: 'schemas', name }).then(
      ({ file }) => setRead({ key, schema: parseSchema(file.text, name).value?.request ?? null }),
      () => undefined, // gone meanwhile: the next list says so
    )
  }, [session, name, key])
  const ofFile = name !== null && read?.key === key ? read.schema : null
  const method = methods.find((one) => one.route === route)
  const ofPeer = useMemo(
    () => (method === undefined ? null : readFieldSchema(method.params ?? NO_PARAMS)),
    [method],
  )
  const routes = useMemo(
    () => [
      ...methods.map((one) => one.route),
      ...(entries ?? []).map(({ summary }) => summary).filter((text) => text !== '' && !text.endsWith('*')),
    ],
    [methods, entries],
  )
  const ask =
    linkId === null
      ? null
      : (): void => {
          setAsked({ linkId, methods, problem: null, isAsking: true })
          askMethods(session, linkId, dialect).then(
            (found) => setAsked({ linkId, methods: found, problem: null, isAsking: false }),
            (error: unknown) => {
              const { message } = toWireError(error)
              setAsked({ linkId, methods: [], problem: message, isAsking: false })
            },
          )
        }
  const schema = ofFile ?? ofPeer
  return {
    schema: schema?.type === 'object' ? schema : null,
    routes,
    ask,
    isAsking: known?.isAsking === true,
    hasAsked: known !== null,
    problem: known?.problem ?? null,
  }
}

/** A method without params takes an empty object. */
const NO_PARAMS = { type: 'object', properties: {} }
