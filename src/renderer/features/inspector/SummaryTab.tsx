import type { JSX, ReactNode } from 'react'
import { useMemo } from 'react'
import type { MessageDetail, MessageRow } from '../../../shared/model/views'
import { useApp } from '../../store/app-store'
import { selectLinks } from '../../store/links-slice'
import { peerErrorOf } from '../../../shared/model/peer-error'
import { formatClock, formatDuration, formatPercent, groupDigits } from '../../ui/format'
import { offsetDigits } from '../../ui/hex-lines'
import { texts } from '../../ui/texts'
import { revealLine } from '../../ui/visible-text'
import { bodyAbsence, HexRow, JsonLineView } from './BodyTabs'
import { type BodyGlance, glanceAt } from './body-look'
import { losslessText } from './lossless-text'
import { timingOf } from './timing-parts'

const GLANCE_LINES = 10
const GLANCE_HEX_ROWS = 6
const HEX_PER_ROW = 8
const t = texts.inspector

/** Everything about one message that fits on one page. */
export function SummaryTab({ detail }: { readonly detail: MessageDetail }): JSX.Element {
  return (
    <div className="insp-panel scrolls" tabIndex={-1}>
      <Trouble detail={detail} />
      <Identity detail={detail} />
      <TimingSection detail={detail} />
      <Headers detail={detail} />
      <BodySection detail={detail} />
      {detail.partner !== null && <Partner row={detail.partner} />}
    </div>
  )
}

function Trouble({ detail }: { readonly detail: MessageDetail }): JSX.Element | null {
  const said = peerErrorOf(detail)
  if (said !== undefined) {
    return (
      <div className="trouble" role="note">
        <b className="err">{revealLine(said.code)}</b>
        <p className="selectable">{said.message === '' ? t.errorAnswer : revealLine(said.message)}</p>
      </div>
    )
  }
  if (detail.code === null) return null
  const isSoft = detail.status === 'cancelled' || detail.status === 'interrupted'
  return (
    <div className={isSoft ? 'trouble soft' : 'trouble'} role="note">
      <b className={isSoft ? 'warn' : 'err'}>{detail.code}</b>
      <p className="selectable">{detail.remedy}</p>
    </div>
  )
}

function Identity({ detail }: { readonly detail: MessageDetail }): JSX.Element {
  const startedAtMs = useApp((s) => s.startedAtMs)
  const link = useApp((s) => selectLinks(s).find(({ linkId }) => linkId === detail.linkId))
  const isPartial = detail.doneBytes < detail.bodyBytes
  return (
    <dl className="kv selectable">
      <Fact name={t.time}>
        {formatClock(startedAtMs, detail.openedMs)}{' '}
        <span className="t3">{t.sinceStart(formatDuration(detail.openedMs))}</span>
      </Fact>
      <Fact name={t.kind}>
        {t.kindText(texts.list.kind[detail.kind], detail.priority, texts.list.dir[detail.dir])}
      </Fact>
      <Fact name={t.size}>
        {isPartial
          ? t.progress(detail.doneBytes, detail.bodyBytes)
          : t.sizeText(detail.bodyBytes, detail.chunks, detail.overheadBytes)}
      </Fact>
      {link !== undefined && <Fact name={t.link}>{link.title}</Fact>}
      {(detail.ref !== '' || detail.correlationId !== '') && (
        <Fact name={t.id}>
          <span className="mono">
            {revealLine([detail.ref, detail.correlationId].filter((id) => id !== '').join(' · '))}
          </span>
        </Fact>
      )}
    </dl>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): JSX.Element {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  )
}

function TimingSection({ detail }: { readonly detail: MessageDetail }): JSX.Element | null {
  const timing = timingOf(detail)
  if (timing === null) return null
  return (
    <section className="sec">
      <h3>{t.timing(formatDuration(timing.totalMs))}</h3>
      <div className="xbar" aria-hidden="true">
        {timing.parts.map(({ part, ms }) => (
          <i
            key={part}
            className={part === 'wire' ? 'fill' : `part-${part}`}
            data-hue={detail.hue}
            style={{ flex: `${Math.max(ms / timing.totalMs, 0.008)} 0 0` }}
          />
        ))}
      </div>
      {timing.parts.map(({ part, ms }) => (
        <div className="xl" key={part}>
          <span
            className={part === 'wire' ? 'sw' : `sw part-${part}`}
            data-hue={part === 'wire' ? detail.hue : undefined}
          />
          <span className="t2">{t.parts[part]}</span>
          <span>{formatDuration(ms)}</span>
          <span className="num t3">
            {ms / timing.totalMs < 0.01 ? '<1\u00a0%' : formatPercent(ms / timing.totalMs)}
          </span>
        </div>
      ))}
    </section>
  )
}

function Headers({ detail }: { readonly detail: MessageDetail }): JSX.Element | null {
  const headers = Object.entries(detail.headers)
  if (headers.length === 0) return null
  return (
    <section className="sec">
      <h3>{t.headers}</h3>
      <div className="tree selectable">
        {headers.map(([key, value]) => (
          <div className="line" key={key}>
            <span className="j-key">{revealLine(key)}</span>
            <span className="j-punctuation">: </span>
            {revealLine(losslessText(value))}
          </div>
        ))}
      </div>
    </section>
  )
}

function BodySection({ detail }: { readonly detail: MessageDetail }): JSX.Element {
  const absence = bodyAbsence(detail)
  const isWhole = detail.body.length >= detail.doneBytes
  const glance = useMemo<BodyGlance>(
    () => (isWhole ? glanceAt(detail.body, GLANCE_LINES) : { kind: 'binary' }),
    [detail.body, isWhole],
  )
  if (absence !== undefined) {
    return (
      <section className="sec">
        <h3>{t.body}</h3>
        <p className="t3">{absence}</p>
      </section>
    )
  }
  return (
    <>
      {glance.kind !== 'binary' && (
        <section className="sec">
          <h3>
            {t.body}
            <span className="r">{glance.kind === 'json' ? t.json : t.plainText}</span>
          </h3>
          <div className="tree selectable">
            {glance.kind === 'json'
              ? glance.lines.map((line, index) => (
                  <div className="line" key={index}>
                    <JsonLineView line={line} />
                  </div>
                ))
              : glance.lines.map((line, index) => (
                  <div className="line" key={index}>
                    {line === '' ? '\u00a0' : line}
                  </div>
                ))}
          </div>
          {glance.more > 0 && <p className="t3">{t.linesMore(glance.more)}</p>}
        </section>
      )}
      <BytesSection detail={detail} />
    </>
  )
}

function BytesSection({ detail }: { readonly detail: MessageDetail }): JSX.Element {
  const shown = detail.body.subarray(0, GLANCE_HEX_ROWS * HEX_PER_ROW)
  const rows = Math.ceil(shown.length / HEX_PER_ROW)
  const digits = offsetDigits(detail.doneBytes)
  return (
    <section className="sec">
      <h3>
        {t.bytes}
        <span className="r">{t.bytesOf(shown.length, detail.doneBytes)}</span>
      </h3>
      <div className="hex hex-block selectable">
        {Array.from({ length: rows }, (_, index) => (
          <div key={index}>
            <HexRow
              bytes={shown.subarray(index * HEX_PER_ROW, (index + 1) * HEX_PER_ROW)}
              offset={index * HEX_PER_ROW}
              digits={digits}
              perRow={HEX_PER_ROW}
            />
          </div>
        ))}
      </div>
    </section>
  )
}

function Partner({ row }: { readonly row: MessageRow }): JSX.Element {
  const { messageSelected } = useApp.getState()
  return (
    <section className="sec">
      <h3>
        {row.kind === 'response' ? t.replyTitle : t.requestTitle}
        <span className="r">
          <button type="button" className="textlink" onClick={() => messageSelected(row.id, 'inspector')}>
            #{row.id}
          </button>
          , {groupDigits(row.bodyBytes)} B
        </span>
      </h3>
      <div className="tree selectable">
        <div className="line">{row.preview}</div>
      </div>
    </section>
  )
}
