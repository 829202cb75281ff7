import type { JSX } from 'react'
import type { LinkStatus, ModemLines } from '../../shared/model/views'
import { linkWords } from '../store/link-words'
import { useSession } from '../store/session-context'
import { texts } from '../ui/texts'

const t = texts.link
const BREAK_MS = 250
const OUTPUTS = ['dtr', 'rts'] as const
const INPUTS = ['cts', 'dsr', 'dcd', 'ri'] as const
type LineName = keyof ModemLines

/** The lines beside the data of a serial port: ours to be set, theirs as lamps, and what one does to a board with them. */
export function LinkLines({ link }: { readonly link: LinkStatus }): JSX.Element | null {
  const session = useSession()
  const { lines, linkId } = link
  if (lines === null) return null
  const isFlow = /[?&]flow=rtscts\b/.test(link.url)
  return (
    <div className="link-lines" role="group" aria-label={t.lines(linkWords(link).name)}>
      <span className="outputs">
        {OUTPUTS.map((name) => (
          <button
            key={name}
            type="button"
            className="btn sm line"
            title={`${t.lineNames[name]}. ${t.setLine(name.toUpperCase(), lines[name] === true)}`}
            aria-pressed={lines[name] === true}
            disabled={name === 'rts' && isFlow}
            onClick={() => session.setLines(linkId, { [name]: lines[name] !== true })}
          >
            <Level name={name} level={lines[name]} />
          </button>
        ))}
      </span>
      <span className="inputs">
        {INPUTS.map((name) => (
          <span key={name} className="line" title={t.lineNames[name]}>
            <Level name={name} level={lines[name]} />
          </span>
        ))}
      </span>
      <span className="outputs actions">
        <button type="button" className="btn sm" title={t.pulseHint} onClick={() => session.pulse(linkId)}>
          {t.pulse}
        </button>
        <button
          type="button"
          className="btn sm"
          title={t.breakHint}
          disabled={link.isListenOnly}
          onClick={() => session.sendBreak(linkId, BREAK_MS)}
        >
          {t.sendBreak}
        </button>
      </span>
    </div>
  )
}

/** A lamp with its word: nobody has to see the colour. */
function Level({ name, level }: { readonly name: LineName; readonly level: boolean | null }): JSX.Element {
  const word = level === null ? 'unknown' : level ? 'high' : 'low'
  return (
    <>
      <span
        className={level === true ? 'lamp on' : level === null ? 'lamp none' : 'lamp'}
        aria-hidden="true"
      />
      {name.toUpperCase()}
      <span className="t3 word">{t.level[word]}</span>
    </>
  )
}
