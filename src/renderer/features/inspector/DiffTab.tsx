import { type JSX, useState } from 'react'
import type { MessageDetail } from '../../../shared/model/views'
import { useApp } from '../../store/app-store'
import { useDetail } from '../../store/session-context'
import { Segmented } from '../../ui/Segmented'
import { DecodedBody, type DecodedThere, Note } from './DecodedBody'
import { DiffView } from './DiffView'
import { inspectorTexts } from './texts'
import { usePrevious } from './use-other-message'

const t = inspectorTexts.diff
type Against = 'previous' | 'pinned'

/** What is different from the previous message of the same route, or from one the person pinned. */
export function DiffTab({ detail }: { readonly detail: MessageDetail }): JSX.Element {
  const pinnedId = useApp((s) => s.pinnedId)
  const { diffPinned } = useApp.getState()
  const [against, setAgainst] = useState<Against>(pinnedId === null ? 'previous' : 'pinned')
  const previousId = usePrevious(detail.id)
  const otherId = against === 'pinned' ? pinnedId : previousId
  const pin = (): void => {
    diffPinned(pinnedId === detail.id ? null : detail.id)
    if (pinnedId !== detail.id) setAgainst('pinned')
    else setAgainst('previous')
  }
  return (
    <>
      <div className="body-bar">
        <Segmented<Against>
          label={t.against}
          value={against}
          options={[
            { value: 'previous', label: t.previous },
            { value: 'pinned', label: pinnedId === null ? t.pinned : `${t.pinned} #${pinnedId}` },
          ]}
          onChange={setAgainst}
        />
        <span className="grow" />
        <button type="button" className="btn sm" aria-pressed={pinnedId === detail.id} onClick={pin}>
          {pinnedId === detail.id ? t.unpin : t.pin}
        </button>
      </div>
      {otherId === undefined ? null : otherId === null ? (
        <Note>{against === 'pinned' ? t.noPinned : t.noPrevious}</Note>
      ) : otherId === detail.id ? (
        <Note>{t.itself}</Note>
      ) : (
        <Against key={otherId} detail={detail} otherId={otherId} />
      )}
    </>
  )
}

interface AgainstProps {
  readonly detail: MessageDetail
  readonly otherId: number
}

function Against({ detail, otherId }: AgainstProps): JSX.Element | null {
  const other = useDetail(otherId)
  if (other === null || other.kind === 'loading') return null // comes within milliseconds
  if (other.kind === 'failed') {
    return <Note>{other.problem.code === 'MESSAGE_UNKNOWN' ? t.gone : other.problem.message}</Note>
  }
  return (
    <DecodedBody detail={other.detail}>
      {(before) => (
        <DecodedBody detail={detail}>
          {(after) => <Both before={before} beforeId={otherId} after={after} afterId={detail.id} />}
        </DecodedBody>
      )}
    </DecodedBody>
  )
}

interface BothProps {
  readonly before: DecodedThere
  readonly beforeId: number
  readonly after: DecodedThere
  readonly afterId: number
}

function Both({ before, beforeId, after, afterId }: BothProps): JSX.Element {
  const { messageSelected } = useApp.getState()
  const lead = (
    <>
      {`${t.against} `}
      <button type="button" className="textlink" onClick={() => messageSelected(beforeId, 'inspector')}>
        #{beforeId}
      </button>
      {before.bytes.length !== after.bytes.length && ` · ${t.sizes(before.bytes.length, after.bytes.length)}`}
    </>
  )
  return (
    <DiffView key={`${beforeId}-${afterId}`} before={before} after={after} afterId={afterId} lead={lead} />
  )
}
