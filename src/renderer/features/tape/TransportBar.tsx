import { type JSX, type ReactNode, useRef, useState } from 'react'
import { useKeyWords } from '../../commands/key-map-context'
import type { TapeFacts, TapeMark, TapeState } from '../../../shared/model/tape'
import { useApp } from '../../store/app-store'
import { useSession } from '../../store/session-context'
import { formatBytes, formatPercent } from '../../ui/format'
import { Icon, type IconName } from '../../ui/icons'
import { Menu, type MenuItem, type ScreenPoint } from '../../ui/Menu'
import { Segmented } from '../../ui/Segmented'
import { Scrubber } from './Scrubber'
import { SPEEDS, toggleLoop } from './tape-moves'
import { speedWords, tapeClock } from './tape-words'
import { tapeTexts as t } from './texts'
import './tape.css'

interface TransportBarProps {
  /** How the recording is sent, at the right. */
  readonly replayControls?: ReactNode
  /** What can be done with A–B, beside the loop. */
  readonly loopActions?: ReactNode
}

/** Below this share of what was asked the speed is said to lag. */
const LAG_SHARE = 0.9
const MENU_MARKS = 40

/** Plays the recording that is looked at: where it stands, how fast it goes, and the whole of it as a slider. */
export function TransportBar({
  replayControls = null,
  loopActions = null,
}: TransportBarProps): JSX.Element | null {
  const tape = useApp((s) => s.tape)
  const facts = useApp((s) => s.tapeFacts)
  if (tape === null) return <section className="tape" aria-label={t.bar} aria-busy="true" />
  return (
    <section className="tape" aria-label={t.bar} data-pane="tape">
      <div className="tape-ctl">
        <Transport tape={tape} />
        <Clock tape={tape} />
        <span className="tape-sep" />
        <Speed tape={tape} />
        <span className="tape-sep" />
        <LoopButton tape={tape} />
        {loopActions}
        <Marks facts={facts} tape={tape} />
        <FileState tape={tape} facts={facts} />
        <span className="grow" />
        {replayControls}
      </div>
      {tape.problem !== null && (
        <p className="tape-problem selectable">
          <b className="b err">{tape.problem.code}</b> {tape.problem.message}. {tape.problem.remedy}
        </p>
      )}
      <Scrubber tape={tape} facts={facts} />
    </section>
  )
}

function Transport({ tape }: { readonly tape: TapeState }): JSX.Element {
  const session = useSession()
  const playKeys = useKeyWords('tape.play')
  return (
    <div className="tape-grp" role="group" aria-label={t.bar}>
      <TapeButton
        icon="toStart"
        label={t.toStart}
        command="tape.start"
        run={() => session.tape?.seek(tape.fromMs)}
      />
      <TapeButton
        icon="stepBack"
        label={t.back}
        command="tape.back"
        run={() => session.tape?.step('message', -1)}
      />
      <button
        type="button"
        className="btn primary sq"
        title={t.withKeys(tape.isPlaying ? t.pause : t.play, playKeys)}
        aria-label={tape.isPlaying ? t.pause : t.play}
        onClick={() => session.tape?.toggle()}
      >
        <Icon name={tape.isPlaying ? 'pause' : 'play'} />
      </button>
      <TapeButton
        icon="stepForward"
        label={t.forward}
        command="tape.forward"
        run={() => session.tape?.step('message', 1)}
      />
      <TapeButton icon="toEnd" label={t.toEnd} command="tape.end" run={() => session.tape?.seek(tape.toMs)} />
    </div>
  )
}

interface TapeButtonProps {
  readonly icon: IconName
  readonly label: string
  readonly command: string
  readonly run: () => void
}

function TapeButton({ icon, label, command, run }: TapeButtonProps): JSX.Element {
  const keys = useKeyWords(command)
  return (
    <button
      type="button"
      className="btn ghost sq"
      title={t.withKeys(label, keys)}
      aria-label={label}
      onClick={run}
    >
      <Icon name={icon} />
    </button>
  )
}

function Clock({ tape }: { readonly tape: TapeState }): JSX.Element {
  const { fromMs, toMs, positionMs } = tape
  return (
    <span className="tape-clock">
      {tapeClock(positionMs - fromMs)} <span>/ {tapeClock(toMs - fromMs)}</span>
    </span>
  )
}

const speedName = (speed: number | null): keyof typeof t.speeds =>
  speed === null ? 'max' : (String(speed) as keyof typeof t.speeds)

function Speed({ tape }: { readonly tape: TapeState }): JSX.Element {
  const session = useSession()
  const { speed, measuredSpeed, isPlaying } = tape
  const lags = isPlaying && speed !== null && measuredSpeed !== null && measuredSpeed < speed * LAG_SHARE
  return (
    <>
      <Segmented
        label={t.speed}
        value={speedName(speed)}
        options={SPEEDS.map((each) => ({ value: speedName(each), label: t.speeds[speedName(each)] }))}
        onChange={(value) => session.tape?.setSpeed(value === 'max' ? null : Number(value))}
      />
      <span className={lags ? 'tape-measured warn' : 'tape-measured t3'} title={lags ? t.lags : undefined}>
        {measuredSpeed !== null ? (
          <>
            {speedWords(measuredSpeed)} <span className="tape-word">{t.measured}</span>
          </>
        ) : (
          !isPlaying && t.notPlaying
        )}
      </span>
    </>
  )
}

function LoopButton({ tape }: { readonly tape: TapeState }): JSX.Element {
  const session = useSession()
  const keys = useKeyWords('tape.loop')
  const isOn = tape.loop !== null
  return (
    <button
      type="button"
      className={isOn ? 'btn sm' : 'btn ghost sm'}
      aria-pressed={isOn}
      aria-label={t.loop}
      title={t.withKeys(t.loopHint, keys)}
      onClick={() => toggleLoop(session)}
    >
      <Icon name="loop" />
      <span className="tape-word">{t.loop}</span>
    </button>
  )
}

interface MarksProps {
  readonly tape: TapeState
  readonly facts: TapeFacts | null
}

function Marks({ tape, facts }: MarksProps): JSX.Element {
  const session = useSession()
  const [at, setAt] = useState<ScreenPoint | null>(null)
  const button = useRef<HTMLButtonElement>(null)
  const markers = facts?.markers ?? []
  const problems = facts?.problems ?? []
  const item = (mark: TapeMark, index: number): MenuItem => ({
    key: `${mark.code ?? 'marker'} ${index}`,
    label: mark.code ?? (mark.text.split('\n', 1)[0] || t.unnamed),
    hint: tapeClock(mark.atMs - tape.fromMs),
    icon: mark.code === null ? 'flag' : 'warn',
    run: () => session.tape?.seek(mark.atMs),
  })
  const group = (label: string, marks: readonly TapeMark[]) => ({
    label: marks.length > MENU_MARKS ? `${label} · ${t.more(marks.length - MENU_MARKS)}` : label,
    items: marks.slice(0, MENU_MARKS).map(item),
  })
  const groups = [group(t.markersLabel, markers), group(t.problemsLabel, problems)].filter(
    ({ items }) => items.length > 0,
  )
  return (
    <>
      <button
        ref={button}
        type="button"
        className="btn ghost sm"
        aria-haspopup="menu"
        aria-expanded={at !== null}
        disabled={groups.length === 0}
        aria-label={[t.markers(markers.length), problems.length > 0 && t.problemCount(problems.length)]
          .filter(Boolean)
          .join(', ')}
        title={groups.length === 0 ? t.noMarks : t.markersMenu}
        onClick={() => {
          const box = button.current?.getBoundingClientRect()
          setAt({ x: box?.left ?? 0, y: (box?.bottom ?? 0) + 4 })
        }}
      >
        <Icon name="flag" />
        <span className="tape-word">{t.markers(markers.length)}</span>
        <span className="tape-short" aria-hidden>
          {markers.length}
        </span>
        {problems.length > 0 && <span className="tape-problems err">{problems.length}</span>}
      </button>
      {at !== null && <Menu label={t.markersMenu} at={at} groups={groups} onClose={() => setAt(null)} />}
    </>
  )
}

/** What is not as it should be, and what is still under way; nothing when all is well. */
function FileState({ tape, facts }: MarksProps): JSX.Element | null {
  const session = useSession()
  if (!tape.isLoaded && tape.problem === null) {
    const { fromMs, positionMs, readMs, wantedMs } = tape
    const percent = formatPercent(tape.loadedShare)
    return (
      <span className="tape-reading t2" role="status" title={t.readUpTo(tapeClock(readMs - fromMs))}>
        <progress value={tape.loadedShare} max={1} aria-label={t.reading('')} />
        {wantedMs === null ? (
          <>
            {t.reading(percent)}
            <button type="button" className="btn ghost sm" onClick={() => session.closeTape()}>
              {t.cancelReading}
            </button>
          </>
        ) : (
          <>
            {t.goingTo(percent, tapeClock(wantedMs - fromMs))}
            <button
              type="button"
              className="btn ghost sm"
              title={t.stayHint}
              onClick={() => session.tape?.seek(positionMs)}
            >
              {t.stay}
            </button>
          </>
        )}
      </span>
    )
  }
  const odd = facts === null ? [] : oddities(facts)
  return (
    <>
      {tape.pages > 1 && (
        <span className="t3" title={t.pageHint}>
          {t.page(tape.page.number + 1, tape.pages)}
        </span>
      )}
      {odd.length > 0 && (
        <span className="warn tape-odd" title={t.odd(odd.join('; '))}>
          <Icon name="warn" small />
          {t.oddShort}
          <span className="sr-only">{t.odd(odd.join('; '))}</span>
        </span>
      )}
    </>
  )
}

function oddities({ misread, misplaced, damagedBytes }: TapeFacts): string[] {
  const words: string[] = []
  if (damagedBytes > 0) words.push(t.damaged(formatBytes(damagedBytes)))
  if (misread > 0) words.push(t.misread(misread))
  if (misplaced > 0) words.push(t.misplaced(misplaced))
  return words
}
