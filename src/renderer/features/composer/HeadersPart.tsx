import type { JSX } from 'react'
import { MAX_HEADERS } from '../../../shared/workspace/message-file'
import { useApp } from '../../store/app-store'
import type { HeaderText } from '../../store/composer-slice'
import { Icon } from '../../ui/icons'
import { texts } from './texts'

/** Headers as rows of name and value. */
export function HeadersPart(): JSX.Element {
  const headers = useApp((s) => s.draft.headers)
  const { draftChanged } = useApp.getState()
  const change = (at: number, part: Partial<HeaderText>): void =>
    draftChanged({ headers: headers.map((row, index) => (index === at ? { ...row, ...part } : row)) })
  const add = (): void => {
    draftChanged({ headers: [...headers, { name: '', value: '' }] })
    requestAnimationFrame(() => {
      const names = document.querySelectorAll<HTMLInputElement>('.headers-part .header-name')
      names[names.length - 1]?.focus()
    })
  }
  return (
    <div className="headers-part">
      {headers.length === 0 && <p className="t3">{texts.noHeaders}</p>}
      {headers.map(({ name, value }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row has no name of its own while it is typed
        <div key={index} className="header-row">
          <span className="field">
            <input
              className="mono header-name"
              aria-label={texts.headerName(index + 1)}
              placeholder={texts.namePlaceholder}
              spellCheck={false}
              maxLength={256}
              value={name}
              onChange={(event) => change(index, { name: event.target.value })}
            />
          </span>
          <span className="field">
            <input
              className="mono"
              aria-label={texts.headerValue(index + 1)}
              placeholder={texts.valuePlaceholder}
              spellCheck={false}
              maxLength={4096}
              value={value}
              onChange={(event) => change(index, { value: event.target.value })}
            />
          </span>
          <button
            type="button"
            className="btn ghost sm sq"
            aria-label={texts.removeHeader(name)}
            title={texts.removeHeader(name)}
            onClick={() => draftChanged({ headers: headers.filter((_, at) => at !== index) })}
          >
            <Icon name="x" small />
          </button>
        </div>
      ))}
      <button type="button" className="btn ghost sm" disabled={headers.length >= MAX_HEADERS} onClick={add}>
        <Icon name="plus" small />
        {texts.addHeader}
      </button>
    </div>
  )
}
