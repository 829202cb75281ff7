import type { JSX } from 'react'
import { useApp } from '../../../store/app-store'
import { selectActiveLink } from '../../../store/links-slice'
import { useSession } from '../../../store/session-context'
import { texts } from '../../../ui/texts'

/**
 * Why there is nothing to see, and the one thing to do about it.
 *
 * @param props.belowPx - Height of the rows that are no messages.
 */
export function EmptyList({ belowPx }: { readonly belowPx: number }): JSX.Element {
  const session = useSession()
  const link = useApp(selectActiveLink)
  const faults = link?.faults ?? 0
  const bytesIn = link?.bytesIn ?? 0
  const isConnected = link?.phase === 'connected' || link?.phase === 'listening'
  return (
    <div className="empty list-empty" style={{ paddingTop: belowPx }}>
      <p>
        {!isConnected
          ? texts.list.emptyNoLink
          : bytesIn > 0
            ? texts.list.emptyBytes(bytesIn, faults)
            : texts.list.emptyQuiet}
      </p>
      {isConnected ? (
        <p>{texts.list.emptySend}</p>
      ) : (
        <button type="button" className="btn" onClick={() => session.openConnect()}>
          {texts.list.connect}
        </button>
      )}
    </div>
  )
}
