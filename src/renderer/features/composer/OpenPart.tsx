import type { JSX } from 'react'
import { useApp } from '../../store/app-store'
import { selectSendLink } from '../../store/links-slice'
import { ExpectPart } from './ExpectPart'
import { HeadersPart } from './HeadersPart'
import { HistoryPart } from './HistoryPart'
import { RepeatPart } from './RepeatPart'
import type { SendCheck } from './send-check'
import { texts } from './texts'

/** The part of the composer that was asked for, between route and body. */
export function OpenPart({ check }: { readonly check: SendCheck }): JSX.Element | null {
  const part = useApp((s) => s.openPart)
  const isRaw = useApp((s) => selectSendLink(s)?.dialect === 'raw')
  if (part === null) return null
  return (
    <div className="comp-part" id="composer-part" role="group" aria-label={texts.partHints[part]}>
      {part === 'headers' && (isRaw ? <p className="t3">{texts.noHeadersRaw}</p> : <HeadersPart />)}
      {part === 'expect' && <ExpectPart />}
      {part === 'repeat' && <RepeatPart check={check} />}
      {part === 'history' && <HistoryPart />}
    </div>
  )
}
