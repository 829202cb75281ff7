import { type DragEvent, type JSX, useRef, useState } from 'react'
import { asConsoleError, toWireError, type WireError } from '../../../shared/errors'
import { IMPORT_EXTENSIONS, importFormatOf } from '../../../shared/model/exports'
import { useApp } from '../../store/app-store'
import { useSession } from '../../store/session-context'
import { useFeed } from '../../store/use-feed'
import { sentences } from '../../ui/format'
import { Segmented } from '../../ui/Segmented'
import { ConvertFrame } from './ConvertFrame'
import { ConvertProgress } from './ConvertProgress'
import { sendFile } from './move-files'
import { convertTexts as t } from './texts'

const DIALECTS = ['lso', 'native', 'raw'] as const

/** Brings a file in: dropped or chosen, with a dialect where it is only bytes. */
export function ImportDialog({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const { live } = useSession()
  const picker = useRef<HTMLInputElement>(null)
  const [file, setFile] = useState<File | null>(null)
  const [dialect, setDialect] = useState<(typeof DIALECTS)[number]>('lso')
  const [isOver, setIsOver] = useState(false)
  const [id, setId] = useState<number | null>(null)
  const [isSent, setIsSent] = useState(false)
  const [problem, setProblem] = useState<WireError | null>(null)
  const [words, setWords] = useState('')
  const { item } = useFeed('exports', isSent ? {} : null)
  const conversion = item?.conversions.find((each) => each.id === id) ?? null
  const isRunning = isSent && problem === null && (conversion === null || conversion.state === 'running')
  const format = file === null ? undefined : importFormatOf(file.name)
  const take = (chosen: File | undefined): void => {
    if (chosen === undefined) return
    const isKnown = importFormatOf(chosen.name) !== undefined
    setWords(!isKnown ? t.unknownFile(chosen.name) : chosen.size === 0 ? t.emptyFile(chosen.name) : '')
    setFile(isKnown && chosen.size > 0 ? chosen : null)
  }
  const bring = (): void => {
    if (file === null) return
    setProblem(null)
    setIsSent(true)
    sendFile(live, file, format === 'bin' ? dialect : '', setId).catch((error: unknown) => {
      setProblem(toWireError(asConsoleError(error)))
    })
  }
  const cancel = (): void => {
    if (id !== null) live.call('export.cancel', { id }).catch(() => undefined) // it has just ended
  }
  const dropped = (event: DragEvent): void => {
    event.preventDefault()
    setIsOver(false)
    take(event.dataTransfer.files[0])
  }
  const show = (): void => {
    useApp.getState().recordingsTabChosen('library')
    useApp.getState().pageChosen('recordings')
    onClose()
  }
  return (
    <ConvertFrame title={t.importTitle} stage={isSent ? 'progress' : 'form'} onClose={onClose}>
      {!isSent ? (
        <form
          className="convert-form"
          onSubmit={(event) => {
            event.preventDefault()
            bring()
          }}
        >
          <div
            className={isOver ? 'convert-drop over' : 'convert-drop'}
            onDragOver={(event) => {
              event.preventDefault()
              setIsOver(true)
            }}
            onDragLeave={() => setIsOver(false)}
            onDrop={dropped}
          >
            <p>{file === null ? t.dropHere : t.chosen(file.name, file.size)}</p>
            <p className="t3">{t.kinds}</p>
            <button type="button" className="btn" data-first="" onClick={() => picker.current?.click()}>
              {t.choose}
            </button>
            <input
              ref={picker}
              type="file"
              hidden
              tabIndex={-1}
              aria-label={t.choose}
              accept={IMPORT_EXTENSIONS.join(',')}
              onChange={(event) => take(event.target.files?.[0])}
            />
          </div>
          {words !== '' && (
            <p role="alert" className="bad-text">
              {words}
            </p>
          )}
          {format === 'bin' && (
            <Segmented
              label={t.dialect}
              value={dialect}
              options={DIALECTS.map((value) => ({ value, label: t.dialectNames[value] }))}
              onChange={setDialect}
            />
          )}
          <div className="confirm-acts">
            <button type="button" className="btn ghost" onClick={onClose}>
              {t.close}
            </button>
            <button type="submit" className="btn primary" disabled={file === null}>
              {t.bring}
              <kbd>⏎</kbd>
            </button>
          </div>
        </form>
      ) : (
        <>
          {conversion !== null && <ConvertProgress conversion={conversion} />}
          {problem !== null && conversion?.state !== 'cancelled' && (
            <p role="alert" className="bad-text">
              {sentences(problem.message, problem.remedy)}
            </p>
          )}
          {conversion?.state === 'done' && <p>{t.imported(conversion.recording, conversion.entries)}</p>}
          <div className="confirm-acts">
            {isRunning && (
              <button type="button" className="btn" onClick={cancel}>
                {t.cancel}
              </button>
            )}
            {conversion?.state === 'done' && (
              <button type="button" className="btn" onClick={show}>
                {t.show}
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
