import { type JSX, useMemo } from 'react'
import { decodeVisibly } from '../../../shared/bytes'
import type { MessageDetail } from '../../../shared/model/views'
import { texts } from '../../ui/texts'
import { VirtualLines } from '../../ui/VirtualLines'
import { revealControls, wrapRows } from '../../ui/visible-text'
import { DecodedBody } from './DecodedBody'
import { useColumns } from './use-columns'

const LINE_PX = 18

/** The body as text that shows everything: what is not UTF-8 as `\xNN`, what would hide or reorder as escapes. */
export function TextTab({ detail }: { readonly detail: MessageDetail }): JSX.Element {
  return <DecodedBody detail={detail}>{({ bytes }) => <TextView bytes={bytes} />}</DecodedBody>
}

export function TextView({ bytes }: { readonly bytes: Uint8Array }): JSX.Element {
  const { columns, ref } = useColumns()
  const { text, invalidBytes } = useMemo(() => decodeVisibly(bytes), [bytes])
  const rows = useMemo(() => wrapRows(revealControls(text), columns), [text, columns])
  return (
    <>
      {invalidBytes > 0 && <p className="body-note line">{texts.inspector.notUtf8(invalidBytes)}</p>}
      <div ref={ref} className="insp-panel">
        <VirtualLines
          count={rows.length}
          rowPx={LINE_PX}
          label={texts.inspector.tabs.text}
          className="code-lines"
          line={(index) => rows[index]}
        />
      </div>
    </>
  )
}
