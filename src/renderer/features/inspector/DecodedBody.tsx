import type { JSX, ReactNode } from 'react'
import type { MessageDetail } from '../../../shared/model/views'
import { useApp } from '../../store/app-store'
import { texts } from '../../ui/texts'
import { inspectorTexts as t } from './texts'
import { type Decoded, useDecoded } from './use-decoded'

/** Why there is nothing to show, or undefined when there is something. */
export function bodyAbsence(detail: MessageDetail): string | undefined {
  if (detail.doneBytes === 0) {
    return detail.bodyBytes === 0 ? texts.inspector.noBody : texts.inspector.bodyComing
  }
  if (detail.hasBody) return undefined
  return detail.timing.closedMs === null ? texts.inspector.bodyOnItsWay : texts.inspector.bodyGone
}

export const Note = ({ children }: { readonly children: ReactNode }): JSX.Element => (
  <div className="body-note">{children}</div>
)

export type DecodedThere = Extract<Decoded, { kind: 'there' }>

interface DecodedBodyProps {
  readonly detail: MessageDetail
  readonly children: (decoded: DecodedThere) => JSX.Element
}

/** The body decoded, or why it is not: absent, on its way, gone. What is only decoded in part says so and offers hex. */
export function DecodedBody({ detail, children }: DecodedBodyProps): JSX.Element {
  const absence = bodyAbsence(detail)
  const decoded = useDecoded(detail)
  if (absence !== undefined) return <Note>{absence}</Note>
  if (decoded.kind === 'failed') return <Note>{decoded.problem.message}</Note>
  if (decoded.kind === 'loading') return <Loading {...decoded} />
  return (
    <>
      {decoded.isPart && (
        <div className="body-note line">
          {t.firstPart(decoded.bytes.length, detail.doneBytes)} <OpenHex />
        </div>
      )}
      {children(decoded)}
    </>
  )
}

interface LoadingProps {
  readonly doneBytes: number
  readonly ofBytes: number
}

function Loading({ doneBytes, ofBytes }: LoadingProps): JSX.Element {
  return (
    <Note>
      <p role="status">{t.loadingPart(doneBytes, ofBytes)}</p>
      <progress className="body-progress" value={doneBytes} max={ofBytes} aria-hidden="true" />
    </Note>
  )
}

export function OpenHex(): JSX.Element {
  const { inspectorTabChosen } = useApp.getState()
  return (
    <button type="button" className="textlink" onClick={() => inspectorTabChosen('hex')}>
      {t.openHex}
    </button>
  )
}
