import { type JSX, type KeyboardEvent, useEffect, useLayoutEffect, useRef } from 'react'
import { createPortal } from 'react-dom'
import { isReplayOpen, type ReplayDifference, type ReplayState } from '../../../shared/model/replay'
import { LIVE_SOURCE } from '../../../shared/contract/envelope'
import { useApp } from '../../store/app-store'
import { useSession } from '../../store/session-context'
import { useOutsidePress } from '../../ui/use-outside-press'
import { rememberFocus } from '../../ui/focus-before'
import { CopyText } from '../../ui/CopyText'
import { formatMsNumber, groupDigits } from '../../ui/format'
import { Icon } from '../../ui/icons'
import { placeAt, type ScreenPoint } from '../../ui/Menu'
import { stepRun, stopRun } from './replay-actions'
import { nameOf, replayTexts as t } from './texts'

interface RunPanelProps {
  readonly at: ScreenPoint
  readonly replay: ReplayState
  readonly onClose: () => void
}

/** What a run has come to so far: counts, lateness, differences, hashes, and what can be done with it. */
export function RunPanel({ at, replay, onClose }: RunPanelProps): JSX.Element {
  const panel = useRef<HTMLDivElement>(null)
  const { x, y } = at
  const height = `${replay.told.length} ${replay.hash ?? ''}`
  useLayoutEffect(() => {
    // again when it grows: it stands on the status bar
    if (panel.current !== null && height !== '') placeAt(panel.current, { x, y })
  }, [x, y, height])
  useEffect(() => {
    const giveBack = rememberFocus()
    panel.current?.focus()
    return giveBack
  }, [])
  useOutsidePress(panel, onClose)
  const pressed = (event: KeyboardEvent): void => {
    event.stopPropagation()
    if (event.key !== 'Escape') return
    event.preventDefault()
    onClose()
  }
  const { phase, sent, total, problem, recording, targetTitle } = replay
  return createPortal(
    <div
      ref={panel}
      className="prompt run-panel"
      role="dialog"
      aria-label={t.panel}
      tabIndex={-1}
      onKeyDown={pressed}
    >
      <header>
        <h2 className="ell">{recording}</h2>
        <span className="t3 ell">{targetTitle}</span>
        <span className="grow" />
        <span className={phase === 'failed' ? 'err' : 't2'}>{t.phases[phase]}</span>
      </header>
      <div
        className="run-meter"
        role="progressbar"
        aria-label={t.sent}
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={sent}
      >
        <i style={{ width: `${total === 0 ? 0 : (sent / total) * 100}%` }} />
      </div>
      {problem !== null && (
        <p className="run-problem" role="alert">
          <Icon name="warn" tone="err" small />
          <span>
            {problem.message}
            <span className="t3">{` ${problem.remedy}`}</span>
          </span>
        </p>
      )}
      <Facts replay={replay} />
      <Differences replay={replay} />
      <Actions replay={replay} onClose={onClose} />
    </div>,
    document.body,
  )
}

function Facts({ replay }: { readonly replay: ReplayState }): JSX.Element {
  const { sent, total, matched, late, skipped, interruptions, hash, orderHash, hostOpens } = replay
  return (
    <dl className="run-facts">
      {hostOpens !== null && <Copied name={t.hostOpens} text={hostOpens} labels={t.copyAddress} />}
      <dt>{t.sent}</dt>
      <dd>{t.progress(sent, total)}</dd>
      <dt>{t.matched}</dt>
      <dd>{groupDigits(matched)}</dd>
      {late !== null && (
        <>
          <dt>{t.late}</dt>
          <dd>{t.lateFacts(late.p50Ms, late.p99Ms, late.maxMs)}</dd>
        </>
      )}
      {skipped > 0 && (
        <>
          <dt title={t.skippedHint}>{t.skipped}</dt>
          <dd title={t.skippedHint}>{groupDigits(skipped)}</dd>
        </>
      )}
      {interruptions > 0 && (
        <>
          <dt>{t.interruptions}</dt>
          <dd className="warn">{t.times(interruptions)}</dd>
        </>
      )}
      {hash !== null && <Copied name={t.hash} text={hash} labels={t.copyHash} />}
      {orderHash !== null && <Copied name={t.orderHash} text={orderHash} labels={t.copyHash} />}
    </dl>
  )
}

interface CopiedProps {
  readonly name: string
  readonly text: string
  readonly labels: typeof t.copyHash | typeof t.copyAddress
}

function Copied({ name, text, labels }: CopiedProps): JSX.Element {
  return (
    <>
      <dt>{name}</dt>
      <dd className="mono run-hash" title={text}>
        <span className="ell">{text}</span>
        <CopyText text={text} labels={labels} />
      </dd>
    </>
  )
}

function Differences({ replay }: { readonly replay: ReplayState }): JSX.Element {
  const { told, differences } = replay
  return (
    <section aria-label={t.differences}>
      <h3>
        {t.differences}
        <span className={differences > 0 ? 'warn num' : 't3'}>
          {differences > 0 ? groupDigits(differences) : isReplayOpen(replay) ? t.noDifference : t.none}
        </span>
      </h3>
      {told.length > 0 && (
        <ol className="run-differences scrolls">
          {told.map((difference) => (
            <Difference key={difference.number} difference={difference} />
          ))}
          {differences > told.length && <li className="t3">{t.more(differences - told.length)}</li>}
        </ol>
      )}
    </section>
  )
}

function Difference({ difference }: { readonly difference: ReplayDifference }): JSX.Element {
  const { kind, route, detail, atMs } = difference
  return (
    <li>
      <span className="num t3">{`${formatMsNumber(atMs)} ms`}</span>
      <span className="run-kind">{t.kinds[kind]}</span>
      <span className="mono ell">{nameOf(route)}</span>
      <span className="t2 ell" title={detail}>
        {detail}
      </span>
    </li>
  )
}

function Actions({
  replay,
  onClose,
}: {
  readonly replay: ReplayState
  readonly onClose: () => void
}): JSX.Element {
  const session = useSession()
  const source = useApp((s) => s.source)
  const { recordingWished, pageChosen } = useApp.getState()
  const { policy, next, madeRecording } = replay
  const isOpen = isReplayOpen(replay)
  return (
    <footer>
      {isOpen && policy === 'step' && (
        <button
          type="button"
          className="btn primary"
          title={t.nextHint(next)}
          disabled={next === null}
          onClick={() => stepRun(session)}
        >
          {t.next}
        </button>
      )}
      {isOpen && (
        <button type="button" className="btn" onClick={() => stopRun(session)}>
          {t.stop}
        </button>
      )}
      {source !== LIVE_SOURCE && (
        <button
          type="button"
          className="btn"
          onClick={() => {
            onClose()
            session.look(LIVE_SOURCE)
            pageChosen('live')
          }}
        >
          {t.watch}
        </button>
      )}
      {!isOpen && madeRecording !== null && (
        <button
          type="button"
          className="btn"
          onClick={() => {
            onClose()
            recordingWished(madeRecording)
          }}
        >
          {t.openRun}
        </button>
      )}
      <span className="grow" />
      <button type="button" className="btn ghost" onClick={onClose}>
        {t.close}
      </button>
    </footer>
  )
}
