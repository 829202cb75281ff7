import { type JSX, type KeyboardEvent, useState } from 'react'
import { toWireError } from '../../../shared/errors'
import { Icon } from '../../ui/icons'
import { type RangeSource, readNeedle, searchBody } from './search-bytes'
import { inspectorTexts } from './texts'

const t = inspectorTexts.hex
const MAX_CHARACTERS = 200

interface HexSearchProps {
  readonly source: RangeSource
  /** The search goes on behind this byte. */
  readonly from: number
  readonly onFound: (from: number, to: number) => void
}

/** Finds bytes or text in the body: Enter the next place, Shift+Enter the one before. */
export function HexSearch({ source, from, onFound }: HexSearchProps): JSX.Element {
  const [text, setText] = useState('')
  const [said, setSaid] = useState('')
  const needle = text === '' ? null : readNeedle(text)
  const isBad = text !== '' && needle === null
  const search = (isBackward: boolean): void => {
    if (needle === null || needle.length === 0) return
    searchBody(source, needle, from, isBackward).then(
      (at) => {
        setSaid(at < 0 ? t.notFound : t.foundAt(`0x${at.toString(16).padStart(4, '0')}`))
        if (at >= 0) onFound(at, at + needle.length)
      },
      (error: unknown) => setSaid(toWireError(error).message),
    )
  }
  const pressed = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    event.stopPropagation()
    search(event.shiftKey)
  }
  return (
    <div className="body-bar search">
      <label className={isBad ? 'field sm bad' : 'field sm'}>
        <input
          value={text}
          placeholder={t.searchHint}
          aria-label={t.search}
          aria-invalid={isBad}
          spellCheck={false}
          maxLength={MAX_CHARACTERS}
          onChange={(event) => {
            setText(event.target.value)
            setSaid('')
          }}
          onKeyDown={pressed}
        />
      </label>
      <span className={isBad ? 'err' : 't3'} role="status">
        {isBad ? t.badHex : said}
      </span>
      <button
        type="button"
        className="btn ghost sm sq"
        title={t.previous}
        aria-label={t.previous}
        disabled={needle === null}
        onClick={() => search(true)}
      >
        <Icon name="arrowUp" />
      </button>
      <button
        type="button"
        className="btn ghost sm sq"
        title={t.next}
        aria-label={t.next}
        disabled={needle === null}
        onClick={() => search(false)}
      >
        <Icon name="arrowDown" />
      </button>
    </div>
  )
}
