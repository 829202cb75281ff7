import type { JSX, ReactNode } from 'react'
import { useShallow } from 'zustand/react/shallow'
import type { LinkStatus, StatusSnapshot } from '../../shared/model/views'
import { RecorderStatus } from '../features/recorder/RecorderStatus'
import { RunStatus } from '../features/replay/RunStatus'
import { tapeTexts } from '../features/tape/texts'
import { useApp } from '../store/app-store'
import { clockWords, peerWords, stateSince, toneOf } from '../store/link-words'
import { selectProblemCount } from '../store/device-slice'
import { selectActiveLink, selectFigures, selectIsLocked } from '../store/links-slice'
import { selectIsReplay } from '../store/tape-slice'
import { selectIsPaused, selectWaitingCount } from '../store/view-slice'
import { formatBytes, formatDuration, formatPercent, formatRate, groupDigits, sentences } from '../ui/format'
import { Icon } from '../ui/icons'
import { texts } from '../ui/texts'

const t = texts.status

/** Standing facts: zero is information, so nothing hides when it is nothing. */
export function StatusBar(): JSX.Element {
  const status = useApp((s) => s.status)
  const link = useApp(selectActiveLink)
  const isLost = useApp((s) => s.host.kind === 'lost')
  const figures = useApp(useShallow(selectFigures))
  const startedAtMs = useApp((s) => s.startedAtMs)
  const isReplay = useApp(selectIsReplay)
  return (
    <footer className="status" aria-label={t.label}>
      {isReplay && <ReplayState />}
      <button
        type="button"
        title={link === undefined ? t.wayToLinks : peerWords(link) || link.problem?.remedy || t.wayToLinks}
        onClick={() => document.querySelector<HTMLElement>('.link-button')?.click()}
      >
        <span className={`dot ${isLost ? 'err' : toneOf(link)}`} />
        {isLost ? texts.app.lostShort : link === undefined ? texts.phase.idle : stateSince(link, startedAtMs)}
      </button>
      <ListenOnly link={link} />
      <Way to="charts">
        <Rate name={t.received} arrow="↓" bytesPerSecond={figures.rateIn} />
        <Rate name={t.sent} arrow="↑" bytesPerSecond={figures.rateOut} />
      </Way>
      <Line share={figures.utilisation} />
      <Way to="charts" hint={t.queueHint(figures.queuedBytes)}>
        <span className="k">{t.queue}</span>
        {groupDigits(figures.queuedMessages)}
      </Way>
      <Count name={t.lost} hint={t.lostHint} count={status?.lostBytes ?? 0} isBytes />
      <Count name={t.faults} hint={t.faultsHint} count={status?.faults ?? 0} />
      <Repeats link={link} count={status?.repeatedFrames ?? 0} />
      <PeerClock link={link} />
      <RunStatus />
      <span className="grow" />
      <RecorderStatus />
      {!isReplay && <ViewState />}
      <Messages status={status} />
      <ProblemCount />
    </footer>
  )
}

interface WayProps {
  readonly to: 'live' | 'charts' | 'problems'
  readonly hint?: string
  readonly children: ReactNode
}

/** A fact, and with a press the page that tells more of it. */
function Way({ to, hint = '', children }: WayProps): JSX.Element {
  const { pageChosen } = useApp.getState()
  return (
    <button type="button" title={sentences(hint, t.wayTo[to])} onClick={() => pageChosen(to)}>
      {children}
    </button>
  )
}

/** Everything here is as of the playhead. */
function ReplayState(): JSX.Element {
  const isPlaying = useApp((s) => s.tape?.isPlaying ?? false)
  return (
    <span title={tapeTexts.statusHint}>
      <span className={isPlaying ? 'dot ok' : 'dot ring'} />
      {isPlaying ? tapeTexts.replayPlaying : tapeTexts.replay}
    </span>
  )
}

/** Nothing can leave: said as long as it holds. */
function ListenOnly({ link }: { readonly link: LinkStatus | undefined }): JSX.Element | null {
  const isLocked = useApp(selectIsLocked)
  if (!isLocked && link?.isListenOnly !== true) return null
  return (
    <span className="warn" title={isLocked ? texts.lock.turnOff : texts.lock.statusLink}>
      <Icon name="lock" small />
      {texts.lock.on}
    </span>
  )
}

interface RateProps {
  readonly name: string
  readonly arrow: string
  readonly bytesPerSecond: number
}

function Rate({ name, arrow, bytesPerSecond }: RateProps): JSX.Element {
  return (
    <>
      <span className="k" title={name} role="img" aria-label={name}>
        {arrow}
      </span>
      <span className="rate">{formatRate(bytesPerSecond)}</span>
    </>
  )
}

function Line({ share }: { readonly share: number | null }): JSX.Element {
  return (
    <Way to="charts" hint={share === null ? t.lineUnknown : t.lineHint}>
      <span className="k">{t.line}</span>
      <span className={share === null ? 'share t4' : 'share'}>
        {share === null ? '–' : formatPercent(share)}
      </span>
      {share !== null && (
        <span className="meter" aria-hidden="true">
          <i style={{ width: `${Math.min(1, share) * 100}%` }} />
        </span>
      )}
    </Way>
  )
}

interface CountProps {
  readonly name: string
  readonly hint: string
  readonly count: number
  readonly isBytes?: boolean
}

function Count({ name, hint, count, isBytes = false }: CountProps): JSX.Element {
  const shown: ReactNode = isBytes && count > 0 ? formatBytes(count) : groupDigits(count)
  return (
    <Way to="problems" hint={hint}>
      <span className="k">{name}</span>
      <span className={count > 0 ? 'err b' : undefined}>{shown}</span>
    </Way>
  )
}

/** Only where something can be repeated. No fault: it is how nothing gets lost. */
function Repeats({
  link,
  count,
}: {
  readonly link: LinkStatus | undefined
  readonly count: number
}): JSX.Element | null {
  if (count === 0 && (link?.session ?? null) === null) return null
  return (
    <span title={t.repeatsHint}>
      <span className="k">{t.repeats}</span>
      {groupDigits(count)}
    </span>
  )
}

function PeerClock({ link }: { readonly link: LinkStatus | undefined }): JSX.Element | null {
  const clock = link?.clock ?? null
  if (clock === null) return null
  return (
    <span title={t.clockHint(clockWords(clock))}>
      <span className="k">{t.clock}</span>
      {`±${formatDuration(clock.uncertaintyMs)}`}
    </span>
  )
}

function ViewState(): JSX.Element {
  const isPaused = useApp(selectIsPaused)
  const waiting = useApp(selectWaitingCount)
  const { pauseToggled } = useApp.getState()
  return (
    <button type="button" title={t.pauseHint} aria-pressed={isPaused} onClick={pauseToggled}>
      {isPaused && <Icon name="pause" small />}
      {isPaused ? t.paused(waiting) : t.live}
    </button>
  )
}

/** What stands wrong, and the way there. */
function ProblemCount(): JSX.Element {
  const count = useApp(selectProblemCount)
  const { pageChosen } = useApp.getState()
  const t = texts.problems
  return (
    <button
      type="button"
      className={count > 0 ? 'warn' : undefined}
      title={t.hint}
      onClick={() => pageChosen('problems')}
    >
      <Icon name={count > 0 ? 'warn' : 'check'} small {...(count > 0 && { tone: 'warn' as const })} />
      {count > 0 ? t.count(count) : t.none}
    </button>
  )
}

function Messages({ status }: { readonly status: StatusSnapshot | null }): JSX.Element {
  const evicted = status?.evictedMessages ?? 0
  return (
    <Way to="live" hint={t.messagesHint}>
      <span className="k">{t.messages}</span>
      {groupDigits(status?.messages ?? 0)}
      {evicted > 0 && <span className="k">{t.dropped(evicted)}</span>}
    </Way>
  )
}
