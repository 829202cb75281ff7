import { type JSX, useEffect, useState } from 'react'
import { asConsoleError, toWireError, type WireError } from '../../../shared/errors'
import type {
  LibraryJob,
  RecordingDetail,
  RecordingMoment,
  RecordingState,
} from '../../../shared/model/library'
import { recordingStem } from '../../../shared/model/recording-name'
import { useSession } from '../../store/session-context'
import { formatBytes, groupDigits, sentences } from '../../ui/format'
import { Icon } from '../../ui/icons'
import { formatLength, formatPlace } from '../../ui/recording-time'
import type { ScreenPoint } from '../../ui/Menu'
import { revealLine } from '../../ui/visible-text'
import {
  canOpen,
  canRecover,
  openRecording,
  recoverRecording,
  removeRecordings,
  stopJob,
  verifyRecording,
} from './library-actions'
import { useLibrary } from './library-store'
import { isFor, type RecordingAction } from './recording-action'
import { NoteEditor } from './NoteEditor'
import { formatMoment } from './recording-words'
import { StripCanvas } from './StripCanvas'
import { TagEditor } from './TagEditor'
import { texts } from '../../ui/texts'
import { libraryTexts as t } from './texts'

interface RecordingDetailViewProps {
  readonly recording: string
  readonly actions: readonly RecordingAction[]
  readonly onMenu: (at: ScreenPoint) => void
}

/** One recording: what is in it, what is said of it, and what can be done with it. */
export function RecordingDetailView({ recording, actions, onMenu }: RecordingDetailViewProps): JSX.Element {
  const session = useSession()
  const version = useLibrary((s) => s.news?.version ?? 0)
  const chosen = useLibrary((s) => s.chosen)
  const [detail, setDetail] = useState<RecordingDetail | null>(null)
  const [problem, setProblem] = useState<WireError | null>(null)
  useEffect(() => {
    let isOver = false
    session.live.call('library.detail', { recording }).then(
      ({ detail: told }) => {
        if (isOver) return
        setDetail(told)
        setProblem(null)
      },
      (error: unknown) => {
        if (!isOver) setProblem(toWireError(asConsoleError(error)))
      },
    )
    return () => {
      isOver = true
    }
  }, [session, recording, version])
  if (detail === null) {
    return (
      <p className="empty">{problem === null ? t.loading : sentences(problem.message, problem.remedy)}</p>
    )
  }
  const { row } = detail
  const recordings = chosen.size > 0 ? [...chosen] : [recording]
  const isOne = recordings.length === 1
  const offered = actions.filter((action) => isFor(action, recordings.length))
  return (
    <>
      <header className="phead">
        <h2 className="ell" title={revealLine(recording)}>
          {isOne ? revealLine(recordingStem(recording)) : t.chosen(recordings.length)}
        </h2>
        <span className="grow" />
        <button
          type="button"
          className="btn ghost sm"
          aria-haspopup="menu"
          onClick={(event) => {
            const { left, bottom } = event.currentTarget.getBoundingClientRect()
            onMenu({ x: left, y: bottom })
          }}
        >
          {t.more}
          <Icon name="down" />
        </button>
      </header>
      <div className="library-scroll scrolls">
        <div className="library-acts">
          {isOne && (
            <button
              type="button"
              className="btn primary"
              disabled={!canOpen(row)}
              onClick={() => openRecording(session, recording)}
            >
              <Icon name="play" />
              {t.open}
            </button>
          )}
          {isOne && canRecover(row) && (
            <button type="button" className="btn" onClick={() => recoverRecording(session, recording)}>
              {t.recover}
            </button>
          )}
          {offered.slice(0, 2).map((action) => (
            <button key={action.key} type="button" className="btn" onClick={() => action.run(recordings)}>
              {action.label}
            </button>
          ))}
          {isOne && (
            <button type="button" className="btn" onClick={() => verifyRecording(session, recording)}>
              {t.verify}
            </button>
          )}
          <span className="grow" />
          <button
            type="button"
            className="btn ghost sq"
            title={t.remove}
            aria-label={t.remove}
            onClick={() => removeRecordings(session, recordings)}
          >
            <Icon name="trash" />
          </button>
        </div>
        {isOne ? (
          <One detail={detail} recording={recording} />
        ) : (
          <>
            <p className="t2">{t.chosenHint}</p>
            <TagEditor recordings={recordings} tags={NO_TAGS} />
          </>
        )}
      </div>
    </>
  )
}

const NO_TAGS: readonly string[] = []

const TONES: Partial<Record<RecordingState, string>> = {
  unfinished: ' warn',
  damaged: ' bad',
  unreadable: ' bad',
}

interface OneProps {
  readonly detail: RecordingDetail
  readonly recording: string
}

/** All that is known and said of a single recording. */
function One({ detail, recording }: OneProps): JSX.Element {
  const { row } = detail
  return (
    <>
      {row.state !== 'whole' && (
        <p className={`library-told${TONES[row.state] ?? ''}`}>
          <b>{t.states[row.state]}.</b> {t.stateHints[row.state]}
        </p>
      )}
      <Jobs recording={recording} />
      {detail.problem !== null && (
        <p className="library-told bad" role="alert">
          <b>
            {detail.problem.file}:{detail.problem.line}
          </b>{' '}
          {sentences(detail.problem.message, detail.problem.remedy)}
        </p>
      )}
      {row.strip !== null && (
        <StripCanvas
          strip={row.strip}
          className="library-overview"
          moments={detail.moments}
          lengthMs={row.lengthMs}
        />
      )}
      <Facts detail={detail} />
      <TagEditor recordings={[recording]} tags={row.tags} />
      <NoteEditor recording={recording} note={detail.note} />
      {row.strip !== null && <Moments detail={detail} recording={recording} />}
      {detail.parts.length > 1 && (
        <section aria-label={t.parts(detail.parts.length)}>
          <h3>{t.parts(detail.parts.length)}</h3>
          <ul className="library-parts">
            {detail.parts.map((part) => (
              <li key={part.recording}>
                <span className="ell">{revealLine(part.recording)}</span>
                <span className="num t3">{formatLength(part.lengthMs)}</span>
                <span className="num t3">{formatBytes(part.fileBytes)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

/** What is done, or was done last, with this recording. */
function Jobs({ recording }: { readonly recording: string }): JSX.Element | null {
  const session = useSession()
  const job = useLibrary((s) =>
    s.news?.jobs.find((each) => each.recording === recording || each.made === recording),
  )
  const { recordingWanted } = useLibrary.getState()
  if (job === undefined) return null
  if (job.state === 'running') {
    return (
      <p className="library-job">
        <span>{t.jobs[job.kind]}</span>
        <progress value={job.share} max={1} aria-label={t.jobs[job.kind]} />
        <button type="button" className="btn ghost sm" onClick={() => stopJob(session, job.jobId)}>
          {t.cancel}
        </button>
      </p>
    )
  }
  return (
    <p className={job.isGood ? 'library-told good' : 'library-told bad'} role="status">
      {job.state === 'cancelled' ? t.cancelled : sentences(outcomeOf(job), job.remedy)}{' '}
      {job.made !== '' && job.made !== recording && (
        <button type="button" className="textlink" onClick={() => recordingWanted(job.made)}>
          {t.showMade}
        </button>
      )}
    </p>
  )
}

const outcomeOf = (job: LibraryJob): string => t.jobDone(job)

function Facts({ detail }: { readonly detail: RecordingDetail }): JSX.Element {
  const { row, inBytes, outBytes, damaged, missing, routes, facts } = detail
  const origin = t.origins[facts['origin'] ?? '']
  const file = [
    t.states[row.state],
    damaged > 0 ? t.damagedPlaces(damaged) : '',
    missing > 0 ? t.missing(missing) : '',
    row.isRecovered ? t.recovered.toLowerCase() : '',
  ].filter((word) => word !== '')
  const lines: readonly (readonly [string, string])[] = [
    [t.facts.started, row.startedAtMs === null ? '' : formatMoment(row.startedAtMs)],
    [t.facts.length, row.strip === null ? '' : formatPlace(row.lengthMs)],
    [t.facts.device, row.device],
    [t.facts.protocol, texts.dialect[row.protocol] ?? row.protocol],
    [t.facts.messages, row.strip === null ? '' : groupDigits(row.messages)],
    [t.facts.bytes, row.strip === null ? '' : t.bytesBoth(inBytes, outBytes)],
    [t.facts.problems, row.strip === null ? '' : groupDigits(row.problems)],
    [t.facts.size, formatBytes(row.fileBytes)],
    [t.facts.state, file.join(', ')],
    [t.facts.origin, origin ?? ''],
    [t.facts.routes, routes.join(', ')],
  ]
  return (
    <dl className="library-facts">
      {lines
        .filter(([, value]) => value !== '')
        .map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{revealLine(value)}</dd>
          </div>
        ))}
    </dl>
  )
}

const MOMENT_ICONS = { marker: 'flag', note: 'note', problem: 'warn' } as const

function Moments({
  detail,
  recording,
}: {
  readonly detail: RecordingDetail
  readonly recording: string
}): JSX.Element {
  const session = useSession()
  const open = ({ atMs }: RecordingMoment): void => openRecording(session, recording, atMs)
  return (
    <section aria-label={t.moments}>
      <h3>{t.moments}</h3>
      {detail.moments.length === 0 ? (
        <p className="t3">{t.noMoments}</p>
      ) : (
        <ul className="library-moments">
          {detail.moments.map((moment, at) => (
            <li key={at}>
              <button
                type="button"
                title={t.openAt(formatPlace(moment.fromStartMs), revealLine(moment.text))}
                onClick={() => open(moment)}
              >
                <Icon
                  name={MOMENT_ICONS[moment.kind]}
                  small
                  {...(moment.kind === 'problem' && { tone: 'err' })}
                />
                <span className="sr-only">{t.kinds[moment.kind]}</span>
                <span className="num t3">{formatPlace(moment.fromStartMs)}</span>
                <span className="ell">
                  {revealLine(moment.text === '' ? t.kinds[moment.kind] : moment.text)}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {detail.moreMoments > 0 && <p className="t3">{t.moreMoments(detail.moreMoments)}</p>}
    </section>
  )
}
