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
  | { readonly kind: 'loading' }
  | { readonly kind: 'there'; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly problem: WireError }

const LOADING: WholeBody = { kind: 'loading' }

/** The whole body. Only for bodies below the limit of what is laid out at once. */
export function useWholeBody(detail: MessageDetail): WholeBody {
  const source = useBodySource(detail)
  const isThere = detail.body.length >= detail.doneBytes
  const [loaded, setLoaded] = useState<{ source: BodySource; body: WholeBody } | null>(null)
  useEffect(() => {
    if (isThere) return
    let isWanted = true
    const tell = (body: WholeBody): void => {
      if (isWanted) setLoaded({ source, body })
    }
    source.readAll().then(
      (bytes) => tell({ kind: 'there', bytes }),
      (error: unknown) => tell({ kind: 'failed', problem: toWireError(error) }),
    )
    return () => {
      isWanted = false
    }
  }, [source, isThere])
  return useMemo(() => {
    if (isThere) return { kind: 'there', bytes: detail.body }
    return loaded?.source === source ? loaded.body : LOADING
  }, [isThere, detail.body, loaded, source])
}
