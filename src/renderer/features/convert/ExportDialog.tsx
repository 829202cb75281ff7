import { type JSX, useState } from 'react'
import { asConsoleError, toWireError, type WireError } from '../../../shared/errors'
import {
  EXPORT_FORMAT_FACTS,
  EXPORT_FORMATS,
  type ExportFormat,
  PCAPNG_BINDINGS,
  type PcapngBinding,
} from '../../../shared/model/exports'
import { useSession } from '../../store/session-context'
import { useFeed } from '../../store/use-feed'
import { sentences } from '../../ui/format'
import { Segmented } from '../../ui/Segmented'
import { ConvertFrame } from './ConvertFrame'
import { ConvertProgress } from './ConvertProgress'
import { convertTexts as t } from './texts'

interface ExportDialogProps {
  readonly recording: string
  readonly onClose: () => void
}

const MAX_FILTER_CHARACTERS = 2000

/** Writes a recording in another form: which, for what, how far it is, and where it lies. */
export function ExportDialog({ recording, onClose }: ExportDialogProps): JSX.Element {
  const { live } = useSession()
  const [format, setFormat] = useState<ExportFormat>('pcapng')
  const [binding, setBinding] = useState<PcapngBinding>('user0')
  const [filter, setFilter] = useState('')
  const [id, setId] = useState<number | null>(null)
  const [problem, setProblem] = useState<WireError | null>(null)
  const { item } = useFeed('exports', id === null ? null : {})
  const conversion = item?.conversions.find((each) => each.id === id) ?? null
  const isRunning = id !== null && (conversion === null || conversion.state === 'running')
  const start = (): void => {
    setProblem(null)
    const options = format === 'pcapng' ? { binding } : {}
    live.call('export.start', { recording, format, filter, messageIds: [], ...options }).then(
      (reply) => setId(reply.id),
      (error: unknown) => setProblem(toWireError(asConsoleError(error))),
    )
  }
  const cancel = (): void => {
    if (id !== null) live.call('export.cancel', { id }).catch(() => undefined) // it has just ended
  }
  return (
    <ConvertFrame
      title={t.exportTitle(recording)}
      stage={id === null ? 'form' : 'progress'}
      onClose={onClose}
    >
      {id === null ? (
        <form
          className="convert-form"
          onSubmit={(event) => {
            event.preventDefault()
            start()
          }}
        >
          <fieldset className="convert-formats">
            <legend className="t3">{t.formats}</legend>
            {EXPORT_FORMATS.map((each) => (
              <label key={each} className="convert-format">
                <input
                  type="radio"
                  name="format"
                  data-first={each === format ? '' : undefined}
                  checked={each === format}
                  onChange={() => setFormat(each)}
                />
                <span>
                  <b>{EXPORT_FORMAT_FACTS[each].label}</b>
                  <span className="t3">{EXPORT_FORMAT_FACTS[each].about}</span>
                </span>
              </label>
            ))}
          </fieldset>
          {format === 'pcapng' && (
            <Segmented
              label={t.bindings}
              value={binding}
              options={PCAPNG_BINDINGS.map((value) => ({ value, label: t.bindingNames[value] }))}
              onChange={setBinding}
            />
          )}
          <label className="field">
            <span className="lab">{t.filter}</span>
            <input
              value={filter}
              placeholder={t.filterHint}
              maxLength={MAX_FILTER_CHARACTERS}
              spellCheck={false}
              onChange={(event) => setFilter(event.target.value)}
            />
          </label>
          {problem !== null && (
            <p role="alert" className="bad-text">
              {sentences(problem.message, problem.remedy)}
            </p>
          )}
          <div className="confirm-acts">
            <button type="button" className="btn ghost" onClick={onClose}>
              {t.close}
            </button>
            <button type="submit" className="btn primary">
              {t.start}
              <kbd>⏎</kbd>
            </button>
          </div>
        </form>
      ) : (
        <>
          {conversion !== null && <ConvertProgress conversion={conversion} />}
          <div className="confirm-acts">
            {isRunning ? (
              <button type="button" className="btn" onClick={cancel}>
                {t.cancel}
              </button>
            ) : (
              <button type="button" className="btn ghost" onClick={() => setId(null)}>
                {t.again}
              </button>
            )}
            <button type="button" className="btn primary" data-first="" onClick={onClose}>
              {t.close}
            </button>
          </div>
        </>
      )}
    </ConvertFrame>
  )
}
