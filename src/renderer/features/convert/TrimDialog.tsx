import { type JSX, useState } from 'react'
import type { RecordingPart } from '../../../shared/model/library'
import type { TapeSpan } from '../../../shared/model/tape'
import { useSession } from '../../store/session-context'
import { sentences } from '../../ui/format'
import { formatPlace, parsePlace } from '../../ui/recording-time'
import { ChangeProgress } from './ChangeProgress'
import { ConvertFrame } from './ConvertFrame'
import { PartChoice } from './PartChoice'
import { convertTexts as t } from './texts'
import { useChange } from './use-change'
import { useRecordingParts } from './use-recording-parts'

interface TrimDialogProps {
  readonly recording: string
  /** In session times. */
  readonly span: TapeSpan | null
  readonly onClose: () => void
}

/** Writes what lies between two times of a recording to one of its own. */
export function TrimDialog({ recording, span, onClose }: TrimDialogProps): JSX.Element {
  const { live } = useSession()
  const change = useChange()
  const { parts, problem } = useRecordingParts(recording)
  const [chosen, setChosen] = useState(recording)
  const part = parts?.find((each) => each.recording === chosen)
  const canTrim = part !== undefined && part.lengthMs > 0
  return (
    <ConvertFrame
      title={t.trimTitle(recording)}
      stage={change.id === null ? (canTrim ? 'form' : 'none') : 'progress'}
      onClose={onClose}
    >
      {change.id !== null ? (
        <ChangeProgress change={change} onClose={onClose} />
      ) : canTrim ? (
        <>
          <p className="t2">{t.trimAbout}</p>
          <PartChoice parts={parts ?? []} value={chosen} onChange={setChosen} />
          <TrimForm
            key={chosen}
            part={part}
            span={span}
            problem={change.problem === null ? '' : sentences(change.problem.message, change.problem.remedy)}
            isBusy={change.isRunning}
            onTrim={(range) => change.begin(live.call('export.trim', { recording: chosen, ...range }))}
            onClose={onClose}
          />
        </>
      ) : (
        <>
          <PartChoice parts={parts ?? []} value={chosen} onChange={setChosen} />
          <p role={problem === null ? 'status' : 'alert'} className={problem === null ? 't2' : 'bad-text'}>
            {problem !== null
              ? sentences(problem.message, problem.remedy)
              : part === undefined || part.state === 'reading'
                ? t.lengthUnknown
                : t.nothingToTrim}
          </p>
          <div className="confirm-acts">
            <button type="button" className="btn primary" data-first="" onClick={onClose}>
              {t.close}
            </button>
          </div>
        </>
      )}
    </ConvertFrame>
  )
}

interface TrimFormProps {
  readonly part: RecordingPart
  readonly span: TapeSpan | null
  readonly problem: string
  readonly isBusy: boolean
  readonly onTrim: (range: TapeSpan) => void
  readonly onClose: () => void
}

/** From when to when. Times are those since the beginning of the recording, as its transport bar shows them. */
function TrimForm({ part, span, problem, isBusy, onTrim, onClose }: TrimFormProps): JSX.Element {
  const { fromMs: startMs, lengthMs } = part
  const [whole] = useState<TapeSpan>(() => {
    const inPart = (ms: number): number => Math.min(lengthMs, Math.max(0, ms - startMs))
    const range = span === null ? null : { fromMs: inPart(span.fromMs), toMs: inPart(span.toMs) }
    return range !== null && range.fromMs < range.toMs ? range : { fromMs: 0, toMs: lengthMs }
  })
  const [from, setFrom] = useState(formatPlace(whole.fromMs))
  const [to, setTo] = useState(formatPlace(whole.toMs))
  // what nobody touched is more exact than it is shown: the last entry must not be cut off
  const fromMs = from === formatPlace(whole.fromMs) ? whole.fromMs : parsePlace(from)
  const toMs = to === formatPlace(whole.toMs) ? whole.toMs : parsePlace(to)
  const wrong =
    fromMs === undefined
      ? t.noTime(t.from)
      : toMs === undefined
        ? t.noTime(t.to)
        : fromMs >= toMs
          ? t.badOrder
          : fromMs > lengthMs
            ? t.beyond(formatPlace(lengthMs))
            : ''
  const submit = (): void => {
    if (wrong !== '' || isBusy || fromMs === undefined || toMs === undefined) return
    const isToEnd = toMs >= lengthMs
    onTrim({ fromMs: startMs + fromMs, toMs: startMs + toMs + (isToEnd ? 1 : 0) })
  }
  return (
    <form
      className="convert-form"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <div className="trim-range">
        <TimeField label={t.from} value={from} isBad={fromMs === undefined} isFirst onChange={setFrom} />
        <TimeField label={t.to} value={to} isBad={toMs === undefined} onChange={setTo} />
      </div>
      <p className="t3">{t.timesHint}</p>
      <p
        role={wrong === '' && problem === '' ? 'status' : 'alert'}
        className={wrong + problem === '' ? 't2' : 'bad-text'}
      >
        {wrong !== ''
          ? wrong
          : problem !== ''
            ? problem
            : t.keeps(formatPlace(Math.min(toMs ?? 0, lengthMs) - (fromMs ?? 0)), formatPlace(lengthMs))}
      </p>
      <div className="confirm-acts">
        <button type="button" className="btn ghost" onClick={onClose}>
          {t.close}
        </button>
        <button type="submit" className="btn primary" disabled={wrong !== '' || isBusy}>
          {t.trim}
          <kbd>⏎</kbd>
        </button>
      </div>
    </form>
  )
}

interface TimeFieldProps {
  readonly label: string
  readonly value: string
  readonly isBad: boolean
  readonly isFirst?: boolean
  readonly onChange: (value: string) => void
}

function TimeField({ label, value, isBad, isFirst = false, onChange }: TimeFieldProps): JSX.Element {
  return (
    <label className={isBad ? 'field bad' : 'field'}>
      <span className="lab">{label}</span>
      <input
        value={value}
        maxLength={64}
        spellCheck={false}
        aria-invalid={isBad}
        data-first={isFirst ? '' : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  )
}
