import { type JSX, type KeyboardEvent, type Ref, useRef, useState } from 'react'
import { fromHex, utf8 } from '../../../shared/bytes'
import { asConsoleError } from '../../../shared/errors'
import type { LinkStatus } from '../../../shared/model/views'
import { stateWords } from '../../store/link-words'
import { isUsable } from '../../store/links-slice'
import { useSession } from '../../store/session-context'
import { Icon } from '../../ui/icons'
import { Segmented } from '../../ui/Segmented'
import { texts } from '../../ui/texts'
import {
  ENDINGS,
  keepEnding,
  keepHistory,
  type LineEnding,
  readEnding,
  readHistory,
  type ViewKind,
} from './settings'
import { terminalTexts as t } from './texts'
import { sendBytes, useFileSend } from './use-file-send'

const MODES = (['text', 'hex'] as const).map((value) => ({ value, label: t.modes[value] }))

interface SendBarProps {
  readonly link: LinkStatus
  readonly input: Ref<HTMLInputElement>
}

/** One line to send, as text or hex, and files. */
export function SendBar({ link, input }: SendBarProps): JSX.Element {
  const session = useSession()
  const [mode, setMode] = useState<ViewKind>('text')
  const [line, setLine] = useState('')
  const [ending, setEnding] = useState(() => readEnding(link.title))
  const [problem, setProblem] = useState<string | null>(null)
  const [history, setHistory] = useState(readHistory)
  /** Place in the history, its length at the line being written. */
  const [place, setPlace] = useState(history.length)
  const written = useRef('')
  const picker = useRef<HTMLInputElement>(null)
  const file = useFileSend(link.linkId)
  const blocked = blockedReason(link)

  const send = (): void => {
    if (blocked !== null) return
    let bytes: Uint8Array
    try {
      bytes = mode === 'hex' ? fromHex(line) : utf8(line + ENDINGS[ending])
    } catch (error) {
      setProblem(asConsoleError(error).message)
      return
    }
    if (bytes.length === 0) return
    sendBytes(session, link.linkId, bytes).then(
      () => undefined,
      (error: unknown) => {
        const { code, message } = asConsoleError(error)
        setProblem(`${code}: ${message}`)
      },
    )
    const longer = keepHistory(history, line)
    setHistory(longer)
    setPlace(longer.length)
    setProblem(null)
    setLine('')
  }
  const remembered = (step: 1 | -1): void => {
    const next = Math.min(history.length, Math.max(0, place + step))
    if (next === place) return
    if (place === history.length) written.current = line
    setPlace(next)
    setLine(history[next] ?? written.current)
  }
  const pressed = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) send()
    else if (event.key === 'ArrowUp') remembered(-1)
    else if (event.key === 'ArrowDown') remembered(1)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <section className="pane term-send" aria-label={t.send} data-pane="terminal-send">
      {(problem ?? blocked) !== null && (
        <p className={problem === null ? 'note t2' : 'note err'} role={problem === null ? 'note' : 'alert'}>
          {problem ?? blocked}
        </p>
      )}
      {file.current !== null && <FileLine file={file} />}
      <div className="row">
        <Segmented label={t.mode} value={mode} options={MODES} onChange={setMode} />
        <span className={problem === null ? 'field line-field' : 'field line-field bad'}>
          <input
            ref={input}
            className="mono"
            aria-label={mode === 'hex' ? t.sendHex : t.sendLine}
            aria-invalid={problem !== null}
            placeholder={t.placeholder[mode]}
            value={line}
            spellCheck={false}
            autoComplete="off"
            maxLength={1_000_000}
            data-pane-focus=""
            onChange={(event) => {
              setLine(event.target.value)
              setPlace(history.length)
              setProblem(null)
            }}
            onKeyDown={pressed}
          />
        </span>
        {mode === 'text' && (
          <label className="field ending-field">
            <span className="lab">{t.ending}</span>
            <select
              value={ending}
              onChange={(event) => {
                const chosen = event.target.value as LineEnding
                setEnding(chosen)
                keepEnding(link.title, chosen)
              }}
            >
              {(Object.keys(ENDINGS) as LineEnding[]).map((each) => (
                <option key={each} value={each}>
                  {t.endings[each]}
                </option>
              ))}
            </select>
            <Icon name="down" />
          </label>
        )}
        <button type="button" className="btn primary" disabled={blocked !== null} onClick={send}>
          {t.send} <kbd>Enter</kbd>
        </button>
        <button
          type="button"
          className="btn"
          disabled={blocked !== null || file.current?.isRunning === true}
          onClick={() => picker.current?.click()}
        >
          {t.file}
        </button>
        <input
          ref={picker}
          type="file"
          hidden
          aria-label={t.file}
          onChange={(event) => {
            const chosen = event.target.files?.[0]
            if (chosen !== undefined) file.start(chosen)
            event.target.value = '' // the same file may be chosen again
          }}
        />
      </div>
    </section>
  )
}

function FileLine({ file }: { readonly file: ReturnType<typeof useFileSend> }): JSX.Element | null {
  const { current } = file
  if (current === null) return null
  const { name, sentBytes, totalBytes, isRunning, outcome } = current
  const share = totalBytes === 0 ? 1 : sentBytes / totalBytes
  return (
    <div className="file-line">
      {isRunning && (
        <progress max={1} value={share} aria-label={t.fileProgress(name, sentBytes, totalBytes)} />
      )}
      <span
        className={outcome?.isBad === true ? 'err ell' : 't2 ell'}
        role={isRunning ? undefined : 'status'}
      >
        {outcome?.text ?? t.fileProgress(name, sentBytes, totalBytes)}
      </span>
      <button type="button" className="btn sm" onClick={isRunning ? file.stop : file.dismiss}>
        {isRunning ? t.cancel : t.dismiss}
      </button>
    </div>
  )
}

/** Why nothing can be sent now; null when it can. */
function blockedReason(link: LinkStatus): string | null {
  if (link.dialect !== 'raw') return t.framed(texts.dialect[link.dialect] ?? link.dialect)
  if (link.isListenOnly)
    return /[?&]listen=only\b/.test(link.url) ? texts.lock.composerLink : texts.lock.composer
  if (link.phase === 'listening') return texts.composer.noPeer
  return isUsable(link) ? null : texts.composer.notConnected(stateWords(link))
}
