import { type JSX, type SubmitEvent, useEffect, useRef, useState } from 'react'
import { asConsoleError, toWireError, type WireError } from '../../../shared/errors'
import { type CachingRule, type CachingRulesState, MAX_SERVED_MS } from '../../../shared/model/cache'
import { formatDuration, parseDuration } from '../../../shared/workspace/duration'
import { useSession } from '../../store/session-context'
import { sentences } from '../../ui/format'
import { Icon } from '../../ui/icons'
import { revealLine } from '../../ui/visible-text'
import { useCache } from './cache-store'
import { cacheTexts as texts } from './texts'

const t = texts.rule

/** Which answers are served from the cache, and for how long. */
export function CachingRules(): JSX.Element {
  const { client } = useSession()
  const { lowerShown } = useCache.getState()
  const [state, setState] = useState<CachingRulesState | null>(null)
  const [problem, setProblem] = useState<WireError | null>(null)
  const box = useRef<HTMLElement>(null)
  useEffect(() => client.subscribe('caching-rules', {}, setState), [client])
  useEffect(() => box.current?.querySelector('input')?.focus(), [])
  const failed = (error: unknown): void => setProblem(toWireError(asConsoleError(error)))
  const save = (rule: CachingRule): Promise<void> =>
    client.call('cache.rule', { ...rule, headers: [...rule.headers] }).then(() => setProblem(null), failed)
  const remove = ({ route, link }: CachingRule): void => {
    void client.call('cache.rule.remove', { route, link }).then(() => setProblem(null), failed)
  }
  const wrong = problem ?? state?.problem ?? null
  return (
    <section
      ref={box}
      className="cache-rules scrolls"
      aria-label={t.title}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        lowerShown({ kind: 'detail' })
      }}
    >
      <h3>
        {t.title}
        <span className="r mono">{t.file}</span>
        <button
          type="button"
          className="btn ghost sm sq"
          aria-label={t.close}
          title={t.close}
          onClick={() => lowerShown({ kind: 'detail' })}
        >
          <Icon name="x" />
        </button>
      </h3>
      <p className="t3">{t.intro}</p>
      <NewRule onSave={save} />
      {wrong !== null && (
        <p className="note err" role="alert">
          {wrong.code}: {sentences(wrong.message, wrong.remedy)}
        </p>
      )}
      {state !== null && state.rules.length === 0 && state.problem === null && <p className="t3">{t.none}</p>}
      <ul>
        {(state?.rules ?? []).map((rule) => (
          <li key={`${rule.route} ${rule.link}`}>
            <input
              type="checkbox"
              checked={rule.isEnabled}
              aria-label={t.on(rule.route)}
              onChange={() => void save({ ...rule, isEnabled: !rule.isEnabled })}
            />
            <span className="mono ell">{revealLine(rule.route)}</span>
            <span className="t3 ell">{rule.link === '' ? t.anyLink : revealLine(rule.link)}</span>
            <span className="t3 ell">{rule.headers.join(', ')}</span>
            <span className="num">{formatDuration(rule.serveMs)}</span>
            <button
              type="button"
              className="btn ghost sm sq"
              aria-label={t.remove(rule.route)}
              title={t.remove(rule.route)}
              onClick={() => remove(rule)}
            >
              <Icon name="trash" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function NewRule({ onSave }: { readonly onSave: (rule: CachingRule) => Promise<void> }): JSX.Element {
  const [route, setRoute] = useState('')
  const [serve, setServe] = useState('5s')
  const [link, setLink] = useState('')
  const [headers, setHeaders] = useState('')
  const serveMs = parseDuration(serve)
  const isServeBad = serveMs === undefined || serveMs < 1 || serveMs > MAX_SERVED_MS
  const [hasTried, setHasTried] = useState(false)
  const add = (event: SubmitEvent): void => {
    event.preventDefault()
    setHasTried(true)
    if (isServeBad || route.trim() === '') return
    const names = headers.split(',').map((name) => name.trim())
    const rule = {
      route: route.trim(),
      link: link.trim(),
      serveMs,
      headers: names.filter(Boolean),
      isEnabled: true,
    }
    void onSave(rule).then(() => {
      setRoute('')
      setHasTried(false)
    })
  }
  const isRouteBad = hasTried && route.trim() === ''
  return (
    <form className="new-rule" aria-label={t.add} onSubmit={add}>
      <label className={isRouteBad ? 'field bad' : 'field'}>
        <span className="lab">{t.route}</span>
        <input
          className="mono"
          value={route}
          placeholder={t.routePlaceholder}
          aria-invalid={isRouteBad}
          spellCheck={false}
          onChange={(event) => setRoute(event.target.value)}
        />
      </label>
      <label className={isServeBad ? 'field bad' : 'field'} title={isServeBad ? t.badServe : undefined}>
        <span className="lab">{t.serve}</span>
        <input value={serve} aria-invalid={isServeBad} onChange={(event) => setServe(event.target.value)} />
      </label>
      <label className="field">
        <span className="lab">{t.link}</span>
        <input
          value={link}
          placeholder={t.linkPlaceholder}
          spellCheck={false}
          onChange={(event) => setLink(event.target.value)}
        />
      </label>
      <label className="field" title={t.headersHint}>
        <span className="lab">{t.headers}</span>
        <input value={headers} spellCheck={false} onChange={(event) => setHeaders(event.target.value)} />
      </label>
      <button type="submit" className="btn">
        {t.add}
      </button>
    </form>
  )
}
