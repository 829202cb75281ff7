import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { toWireError, type WireError } from '../../../shared/errors'
import type { MessageDetail } from '../../../shared/model/views'
import { BodySource } from '../../store/body-source'
import { useSession } from '../../store/session-context'

/** Bytes of the body that can be had: all that came or went, unless it was too large to be kept. */
const readableBytes = ({ doneBytes, keptBytes }: MessageDetail): number => Math.min(doneBytes, keptBytes)

/** Pages of the body of this message; a new source when the body grew. */
export function useBodySource(detail: MessageDetail): BodySource {
  const { client } = useSession()
  const { id, body } = detail
  const bytes = readableBytes(detail)
  const source = useMemo(() => new BodySource(client, id, bytes, body), [client, id, bytes, body])
  useSyncExternalStore(source.subscribe, source.version)
  return source
}

export type WholeBody =
  | { readonly kind: 'loading'; readonly doneBytes: number; readonly ofBytes: number }
  | { readonly kind: 'there'; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly problem: WireError }

/** Bodies that were fetched as a whole, by the beginning that came with their detail: tabs come and go. */
const fetched = new WeakMap<Uint8Array, Uint8Array>()

/**
 * The whole body. Only for bodies below the limit of what is laid out at once.
 *
 * @param isWanted - False to fetch nothing: then it stays loading, unless it is there anyway.
 */
export function useWholeBody(detail: MessageDetail, isWanted = true): WholeBody {
  const source = useBodySource(detail)
  const { body, doneBytes } = detail
  const isThere = body.length >= doneBytes
  const [loaded, setLoaded] = useState<{ source: BodySource; body: WholeBody } | null>(null)
  useEffect(() => {
    if (isThere || !isWanted || fetched.has(body)) return
    let isCurrent = true
    const tell = (state: WholeBody): void => {
      if (isCurrent) setLoaded({ source, body: state })
    }
    const progress = (done: number): void =>
      tell({ kind: 'loading', doneBytes: done, ofBytes: source.totalBytes })
    source.readAll(progress).then(
      (bytes) => {
        fetched.set(body, bytes)
        tell({ kind: 'there', bytes })
      },
      (error: unknown) => tell({ kind: 'failed', problem: toWireError(error) }),
    )
    return () => {
      isCurrent = false
    }
  }, [source, isThere, isWanted, body])
  return useMemo(() => {
    if (isThere) return { kind: 'there', bytes: body }
    const kept = fetched.get(body)
    if (kept !== undefined) return { kind: 'there', bytes: kept }
    return loaded?.source === source ? loaded.body : { kind: 'loading', doneBytes: 0, ofBytes: doneBytes }
  }, [isThere, body, doneBytes, loaded, source])
}
