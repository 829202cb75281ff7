import { type JSX, type KeyboardEvent, type SubmitEvent, useEffect, useRef, useState } from 'react'
import { lenientUtf8, toHex } from '../../../shared/bytes'
import { asConsoleError, toWireError, type WireError } from '../../../shared/errors'
import { CACHE_FORMATS, type CacheFormat, MAX_CACHE_KEY_LENGTH } from '../../../shared/model/cache'
import { formatDuration, parseDuration } from '../../../shared/workspace/duration'
import { useSession } from '../../store/session-context'
import { sentences } from '../../ui/format'
import { Segmented } from '../../ui/Segmented'
import { useCache } from './cache-store'
import { cacheTexts as texts } from './texts'

const t = texts.form
const FORMATS = CACHE_FORMATS.map((value) => ({ value, label: t.formats[value] }))

/** Writes an entry by hand. @param props.initialKey - Its value is what the form begins with, where there is one. */
export function SetEntry({ initialKey }: { readonly initialKey: string }): JSX.Element {
  const { client } = useSession()
  const { lowerShown, keyWanted } = useCache.getState()
  const [key, setKey] = useState(initialKey)
  const [format, setFormat] = useState<CacheFormat>('json')
  const [text, setText] = useState('')
  const [life, setLife] = useState('5min')
  const [problem, setProblem] = useState<WireError | null>(null)
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    form.current?.querySelector<HTMLElement>(initialKey === '' ? 'input' : 'textarea')?.focus()
    if (initialKey === '') return
    void client.call('cache.entry', { key: initialKey }).then(
      ({ detail, bytes }) => {
        const isText = detail.format === 'json' || detail.format === 'text'
        setFormat(isText ? detail.format : 'hex')
        setText(isText ? lenientUtf8(bytes) : (toHex(bytes).match(/../g) ?? []).join(' '))
        setLife(detail.ttlMs === null ? '' : formatDuration(detail.ttlMs))
      },
      () => undefined, // it has gone: the form begins empty
    )
  }, [client, initialKey])
  const ttlMs = life.trim() === '' ? null : parseDuration(life)
  const isLifeBad = ttlMs === undefined || ttlMs === 0
  const close = (): void => lowerShown({ kind: 'detail' })
  const save = (event: SubmitEvent): void => {
    event.preventDefault()
    if (isLifeBad || key === '') return
    client.call('cache.set', { key, text, format, ttlMs }).then(
      () => {
        close()
        keyWanted(key)
        document.querySelector<HTMLElement>('[data-pane="cache"] [data-pane-focus]')?.focus()
      },
      (error: unknown) => setProblem(toWireError(asConsoleError(error))),
    )
  }
  const pressed = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      event.stopPropagation()
      form.current?.requestSubmit()
    } else if (event.key === 'Escape') {
      event.preventDefault()
      event.stopPropagation()
      close()
    }
  }
  return (
    <form ref={form} className="cache-form" aria-label={t.title} onSubmit={save} onKeyDown={pressed}>
      <h3>{initialKey === '' ? t.title : t.edit(initialKey)}</h3>
      <div className="row">
        <label className="field grow">
          <span className="lab">{t.key}</span>
          <input
            className="mono"
            value={key}
            maxLength={MAX_CACHE_KEY_LENGTH}
            placeholder={t.keyPlaceholder}
            spellCheck={false}
            onChange={(event) => setKey(event.target.value)}
          />
        </label>
        <label className={isLifeBad ? 'field life bad' : 'field life'} title={t.lifeHint}>
          <span className="lab">{t.life}</span>
          <input
            value={life}
            aria-invalid={isLifeBad}
            placeholder={texts.forEver}
            spellCheck={false}
            onChange={(event) => setLife(event.target.value)}
          />
        </label>
      </div>
      <textarea
        className="mono"
        aria-label={t.value}
        value={text}
        spellCheck={false}
        onChange={(event) => {
          setText(event.target.value)
          setProblem(null)
        }}
      />
      <div className="row">
        <Segmented label={t.format} value={format} options={FORMATS} onChange={setFormat} />
        <span className="grow" />
        <button type="button" className="btn ghost" onClick={close}>
          {texts.cancel}
        </button>
        <button type="submit" className="btn primary" aria-disabled={isLifeBad || key === ''}>
          {t.save}
          <kbd>Ctrl ⏎</kbd>
        </button>
      </div>
      <p
        className={problem !== null || isLifeBad ? 'note err' : 'note t3'}
        role={problem === null ? undefined : 'alert'}
      >
        {problem !== null
          ? `${problem.code}: ${sentences(problem.message, problem.remedy)}`
          : isLifeBad
            ? t.badLife
            : key === ''
              ? t.lifeHint
              : format === 'msgpack'
                ? t.msgpackHint
                : ''}
      </p>
    </form>
  )
}
