import { useEffect, useState } from 'react'
import type { MessageChunks, MessageDetail } from '../../../shared/model/views'
import { useSession } from '../../store/session-context'

/** Where the body was cut on the wire; null until that is known, and when the chunks are no longer kept. */
export function useChunks(detail: MessageDetail): MessageChunks | null {
  const { client } = useSession()
  const { id, chunks: count } = detail
  const [known, setKnown] = useState<{ id: number; chunks: MessageChunks } | null>(null)
  useEffect(() => {
    let isWanted = count > 0
    if (!isWanted) return
    client.call('message.chunks', { messageId: id }).then(
      ({ chunks }) => {
        if (isWanted) setKnown({ id, chunks })
      },
      () => undefined, // the message is gone, and the panel says so
    )
    return () => {
      isWanted = false
    }
  }, [client, id, count])
  return known?.id === id && known.chunks.bodyOffsets.length > 0 ? known.chunks : null
}
