import type { JSX } from 'react'
import { useApp } from '../store/app-store'
import { selectActiveLink } from '../store/links-slice'
import { useSession } from '../store/session-context'
import { formatClock } from '../ui/format'
import { Icon } from '../ui/icons'
import { texts } from '../ui/texts'

/** The link in hand went down and is being waited for: said in place, with what can be done. */
export function LinkBanner(): JSX.Element | null {
  const session = useSession()
  const link = useApp(selectActiveLink)
  const startedAtMs = useApp((s) => s.startedAtMs)
  if (link === undefined) return null
  const isDown = link.phase === 'interrupted' || link.phase === 'waiting' || link.phase === 'reconnecting'
  if (!isDown) return null
  return (
    <div className="banner" role="status">
      <Icon name="unplug" tone="warn" />
      <span className="what">
        {texts.link.down(texts.phase[link.phase], formatClock(startedAtMs, link.phaseSinceMs))}
      </span>
      {link.problem !== null && (
        <span className="t2 ell" title={link.problem.remedy}>
          {link.problem.message}
        </span>
      )}
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
      <span className="ell" title={notice.remedy}>
        {notice.message}
      </span>
      <button type="button" className="btn ghost sm" onClick={() => noticeShown(null)}>
        {texts.app.dismiss}
      </button>
    </div>
  )
}
