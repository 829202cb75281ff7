import type { JSX } from 'react'
import { ERROR_CATALOGUE } from '../../shared/errors'
import type { LinkStatus } from '../../shared/model/views'
import { useApp } from '../store/app-store'
import { sessionTrouble, stateSince } from '../store/link-words'
import { selectActiveLink } from '../store/links-slice'
import { isDown } from '../store/outages'
import { useSession } from '../store/session-context'
import { useSessionNow } from '../store/use-session-now'
import { formatClock, sentences } from '../ui/format'
import { Icon } from '../ui/icons'
import { texts } from '../ui/texts'
import { OtherDevice } from './OtherDevice'

/** The link in hand went down and is being waited for: said in place, with what can be done. A toast says that it is back. */
export function LinkBanner(): JSX.Element | null {
  const session = useSession()
  const link = useApp(selectActiveLink)
  const outage = useApp((s) => s.outages.find(({ linkId }) => linkId === selectActiveLink(s)?.linkId))
  const startedAtMs = useApp((s) => s.startedAtMs)
  if (link === undefined) return null
  if (!isDown(link)) return <SessionBanner key={link.linkId} link={link} />
  const clock = formatClock(startedAtMs, outage?.fromMs ?? link.phaseSinceMs).slice(0, 8)
  return (
    <div className="banner" role="status">
      {link.otherDevice === null ? (
        <>
          <Icon name="unplug" tone="warn" />
          <span className="what">{downWords(link, clock)}</span>
          {link.problem !== null && (
            <span className="t2 ell" title={sentences(link.problem.message, link.problem.remedy)}>
              {sentences(link.problem.message, link.problem.remedy)}
            </span>
          )}
          <button type="button" className="btn sm" onClick={() => session.reconnect(link.linkId)}>
            {texts.link.reconnect}
          </button>
        </>
      ) : (
        <OtherDevice link={link} />
      )}
      <button type="button" className="btn ghost sm" onClick={() => session.disconnect(link.linkId)}>
        {texts.link.disconnect}
      </button>
    </div>
  )
}

function downWords(link: LinkStatus, clock: string): string {
  if (link.problem !== null && ERROR_CATALOGUE[link.problem.code].layer === 'framing')
    return texts.link.unreadable(clock)
  return link.scheme === 'serial' ? texts.link.unplugged(clock) : texts.link.lost(clock)
}

/** The connection stands, but messages do not go to and fro: what it is, and what to do about it. */
function SessionBanner({ link }: { readonly link: LinkStatus }): JSX.Element | null {
  const session = useSession()
  const startedAtMs = useApp((s) => s.startedAtMs)
  const isHandshake = link.phase === 'connected' && link.session?.phase === 'handshake'
  const nowMs = useSessionNow(500, isHandshake)
  const trouble = sessionTrouble(link, nowMs)
  if (trouble === null) return null
  return (
    <div className="banner" role="status">
      <Icon name="warn" tone={link.session?.phase === 'refused' ? 'err' : 'warn'} />
      <span className="what">{stateSince(link, startedAtMs)}</span>
      {link.problem !== null && <b className="b err">{link.problem.code}</b>}
      <span className="t2 ell" title={link.problem?.message ?? trouble}>
        {trouble}
      </span>
      <button type="button" className="btn sm" onClick={() => session.reconnect(link.linkId)}>
        {texts.link.reconnect}
      </button>
      <button type="button" className="btn ghost sm" onClick={() => session.disconnect(link.linkId)}>
        {texts.link.disconnect}
      </button>
    </div>
  )
}

/** The core ended, or an action failed without a place of its own. */
export function AppBanner(): JSX.Element | null {
  const host = useApp((s) => s.host)
  const notice = useApp((s) => s.notice)
  const { noticeShown } = useApp.getState()
  if (host.kind === 'lost') {
    return (
      <div className="banner over" role="alert">
        <Icon name="warn" tone="err" />
        <span className="what">{texts.app.lost}</span>
        <b className="b err">{host.error.code}</b>
        <span className="t2 ell" title={host.error.message}>
          {host.error.remedy}
        </span>
        <button type="button" className="btn sm" onClick={() => location.reload()}>
          {texts.app.reload}
        </button>
      </div>
    )
  }
  if (notice === null) return null
  return (
    <div className="banner over" role="alert">
      <Icon name="x" tone="err" />
      <b className="b err">{notice.code}</b>
      <span className="ell" title={sentences(notice.message, notice.remedy)}>
        {sentences(notice.message, notice.remedy)}
      </span>
      <button type="button" className="btn ghost sm" onClick={() => noticeShown(null)}>
        {texts.app.dismiss}
      </button>
    </div>
  )
}
