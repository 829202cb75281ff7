import type { JSX } from 'react'
import type { LinkStatus } from '../../shared/model/views'
import { useApp } from '../store/app-store'
import { isAboutPassword, linkWords, peerWords, stateSince, toneOf } from '../store/link-words'
import { isOpen, selectActiveLink, selectLinks } from '../store/links-slice'
import { useSession } from '../store/session-context'
import { sentences } from '../ui/format'
import { Icon } from '../ui/icons'
import { texts } from '../ui/texts'
import { LinkLines } from './LinkLines'
import { OtherDevice } from './OtherDevice'

/** Every link with its state in words and what can be done with it. */
export function LinkMenu({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const session = useSession()
  const links = useApp(selectLinks)
  const activeId = useApp((s) => selectActiveLink(s)?.linkId)
  const openCard = (url?: string): void => {
    onClose()
    session.openConnect(url)
  }
  return (
    <div className="link-menu" role="group" aria-label={texts.link.menu}>
      {links
        .filter((link) => isWorthListing(link) || link.linkId === activeId)
        .map((link) => (
          <LinkItem
            key={link.linkId}
            link={link}
            isActive={link.linkId === activeId}
            onPassword={({ url }) => openCard(url)}
          />
        ))}
      <hr />
      <button type="button" className="btn ghost wide" onClick={() => openCard()}>
        <Icon name="plus" />
        {texts.link.newLink}
        <kbd>Ctrl O</kbd>
      </button>
    </div>
  )
}

/** Tries that never worked are no links one would come back to. */
const isWorthListing = (link: LinkStatus): boolean => isOpen(link) || link.bytesIn + link.bytesOut > 0

interface LinkItemProps {
  readonly link: LinkStatus
  readonly isActive: boolean
  /** Only another password would help: it is asked for. */
  readonly onPassword: (link: LinkStatus) => void
}

function LinkItem({ link, isActive, onPassword }: LinkItemProps): JSX.Element {
  const session = useSession()
  const { linkChosen } = useApp.getState()
  const words = linkWords(link)
  const startedAtMs = useApp((s) => s.startedAtMs)
  const peer = peerWords(link)
  return (
    <div className={isActive ? 'item on' : 'item'}>
      <span className={`dot ${toneOf(link)}`} />
      <button
        type="button"
        className="choose"
        aria-current={isActive}
        onClick={() => linkChosen(link.linkId)}
      >
        <b className="ell">{words.name}</b>
        <small className="ell">
          {[
            stateSince(link, startedAtMs),
            words.settings,
            ...(link.isListenOnly ? [texts.link.onlyListens] : []),
          ].join(' · ')}
        </small>
        {peer !== '' && <small className="ell">{peer}</small>}
      </button>
      {isOpen(link) ? (
        <button type="button" className="btn sm" onClick={() => session.disconnect(link.linkId)}>
          {texts.link.disconnect}
        </button>
      ) : link.problem !== null && isAboutPassword(link.problem.code) ? (
        <button type="button" className="btn sm" onClick={() => onPassword(link)}>
          {texts.link.password}
        </button>
      ) : (
        <button type="button" className="btn sm" onClick={() => session.reconnect(link.linkId)}>
          {texts.link.reconnect}
        </button>
      )}
      {link.otherDevice !== null && (
        <div className="other">
          <OtherDevice link={link} />
        </div>
      )}
      {link.phase === 'connected' && <LinkLines link={link} />}
      {link.problem !== null && link.otherDevice === null && (
        <p className="trouble-line selectable">
          <b className="b err">{link.problem.code}</b> {sentences(link.problem.message, link.problem.remedy)}
        </p>
      )}
    </div>
  )
}
