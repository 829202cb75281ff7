import { type JSX, useState } from 'react'
import { formatLinkUrl, parseLinkUrl } from '../../shared/model/link-url'
import type { LinkStatus } from '../../shared/model/views'
import { useApp } from '../store/app-store'
import { selectActiveLink } from '../store/links-slice'
import { quietCauses, quietOf } from '../store/quiet-link'
import { useSession } from '../store/session-context'
import { useSessionNow } from '../store/use-session-now'
import { formatBytes, formatElapsed } from '../ui/format'
import { Icon } from '../ui/icons'
import { texts } from '../ui/texts'

const t = texts.quiet

/** Over the empty list: a link is open and shows nothing, why that may be, and what to try. */
export function QuietCard(): JSX.Element | null {
  const link = useApp(selectActiveLink)
  const messages = useApp((s) => s.status?.messages ?? 0)
  const [hidden, setHidden] = useState<string | null>(null)
  const isWaiting = link?.phase === 'connected' && messages === 0
  const nowMs = useSessionNow(1000, isWaiting)
  const quiet = quietOf(link, messages, nowMs)
  if (link === undefined || quiet.kind === 'none') return null
  const connection = `${link.linkId} ${link.phaseSinceMs} ${quiet.kind}`
  if (hidden === connection) return null
  return (
    <section className="quiet" aria-label={t.label}>
      <header>
        <b role="status">
          {quiet.kind === 'silent'
            ? t.silent(formatElapsed(quiet.forMs))
            : t.strange(formatBytes(quiet.bytes))}
        </b>
        <button
          type="button"
          className="btn ghost sm sq"
          title={t.hide}
          aria-label={t.hide}
          onClick={() => setHidden(connection)}
        >
          <Icon name="x" />
        </button>
      </header>
      {quiet.kind === 'silent' ? (
        <ol aria-label={t.causesLabel}>
          {quietCauses(link).map((cause) => (
            <li key={cause}>{cause}</li>
          ))}
        </ol>
      ) : (
        <p>{t.strangeHint(texts.dialect[link.dialect] ?? link.dialect)}</p>
      )}
      <footer>
        {quiet.kind === 'silent' ? <SilentActions link={link} /> : <StrangeActions link={link} />}
      </footer>
    </section>
  )
}

function SilentActions({ link }: { readonly link: LinkStatus }): JSX.Element {
  const session = useSession()
  return (
    <>
      {link.lines !== null && (
        <button type="button" className="btn" onClick={() => session.pulse(link.linkId)}>
          {t.pulse}
        </button>
      )}
      <ChangeButton link={link} />
    </>
  )
}

function StrangeActions({ link }: { readonly link: LinkStatus }): JSX.Element {
  const session = useSession()
  return (
    <>
      <button
        type="button"
        className="btn"
        onClick={() => void session.replaceLink(link.linkId, asRaw(link.url))}
      >
        {t.raw}
      </button>
      <ChangeButton link={link} />
    </>
  )
}

function ChangeButton({ link }: { readonly link: LinkStatus }): JSX.Element {
  const session = useSession()
  return (
    <button type="button" className="btn" onClick={() => session.changeLink(link)}>
      {link.baud === null ? t.settings : t.speed}
    </button>
  )
}

/** The same place, its bytes as they are. */
function asRaw(url: string): string {
  return formatLinkUrl({ ...parseLinkUrl(url), dialect: 'raw' })
}
