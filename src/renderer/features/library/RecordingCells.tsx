import type { JSX } from 'react'
import type { RecordingRow } from '../../../shared/model/library'
import { recordingStem } from '../../../shared/model/recording-name'
import { formatBytes, groupDigits } from '../../ui/format'
import { Icon, type IconName } from '../../ui/icons'
import { formatLength } from '../../ui/recording-time'
import { texts } from '../../ui/texts'
import { revealLine } from '../../ui/visible-text'
import { formatMoment } from './recording-words'
import { StripCanvas } from './StripCanvas'
import { libraryTexts as t } from './texts'

const ICONS: Partial<Record<RecordingRow['state'], { icon: IconName; tone?: 'warn' | 'err' }>> = {
  reading: { icon: 'wait' },
  writing: { icon: 'edit' },
  unfinished: { icon: 'warn', tone: 'warn' },
  damaged: { icon: 'warn', tone: 'err' },
  unreadable: { icon: 'x', tone: 'err' },
}

/** What the table says of one recording. */
export function RecordingCells({ row }: { readonly row: RecordingRow }): JSX.Element {
  const { recording, state, device, protocol, startedAtMs, lengthMs, messages, problems } = row
  const look = ICONS[state]
  const isKnown = row.strip !== null
  return (
    <>
      <span role="gridcell" className="name" title={revealLine(recording)}>
        <span className="mark">
          {look !== undefined && (
            <span
              role="img"
              aria-label={t.states[state]}
              title={`${t.states[state]}. ${t.stateHints[state]}`}
            >
              <Icon name={look.icon} small {...(look.tone !== undefined && { tone: look.tone })} />
            </span>
          )}
        </span>
        <span className="ell">{revealLine(recordingStem(recording))}</span>
        {row.isPinned && (
          <span role="img" aria-label={t.pinned} title={t.pinned} className="pinned">
            <Icon name="pin" small />
          </span>
        )}
      </span>
      <span role="gridcell" className="strip">
        {row.strip !== null && <StripCanvas strip={row.strip} className="library-strip" />}
      </span>
      <span role="gridcell" className="device t2" title={revealLine(device)}>
        {revealLine(device)}
        {protocol !== '' && <span className="t3"> {texts.dialect[protocol] ?? revealLine(protocol)}</span>}
      </span>
      <span role="gridcell" className="t2">
        {startedAtMs === null ? '' : formatMoment(startedAtMs)}
      </span>
      <span role="gridcell" className="num t2">
        {isKnown ? formatLength(lengthMs) : ''}
      </span>
      <span role="gridcell" className="num t2">
        {isKnown ? groupDigits(messages) : ''}
      </span>
      <span role="gridcell" className={problems > 0 ? 'num bad' : 'num t3'}>
        {isKnown ? groupDigits(problems) : ''}
      </span>
      <span role="gridcell" className="num t2">
        {formatBytes(row.fileBytes)}
      </span>
      <span role="gridcell" className="remarks">
        {row.tags.map((tag) => (
          <span key={tag} className="library-tag">
            {revealLine(tag)}
          </span>
        ))}
        <span className="ell t3" title={revealLine(row.note)}>
          {revealLine(row.note)}
        </span>
      </span>
    </>
  )
}
