import type { JSX } from 'react'
import { useShallow } from 'zustand/react/shallow'
import { useApp } from '../../store/app-store'
import { linkWords } from '../../store/link-words'
import { isUsable, selectLinks, selectSendLink } from '../../store/links-slice'
import { Icon } from '../../ui/icons'
import { texts } from '../../ui/texts'

const t = texts.composer

/** Which link to send over; only asked when there is a choice. The chosen one stays in sight while it is down. */
export function LinkChoice(): JSX.Element | null {
  const active = useApp((s) => selectSendLink(s)?.linkId)
  const links = useApp(
    useShallow((s) =>
      selectLinks(s)
        .filter((link) => isUsable(link) || link.linkId === active)
        .map((link) => `${link.linkId} ${linkWords(link).name} · ${linkWords(link).settings}`),
    ),
  )
  const { linkChosen } = useApp.getState()
  if (links.length < 2) return null
  return (
    <label className="field link-field">
      <span className="lab">{t.link}</span>
      <select value={active} onChange={(event) => linkChosen(Number(event.target.value))}>
        {toldApart(links).map(([linkId, title]) => (
          <option key={linkId} value={linkId}>
            {title}
          </option>
        ))}
      </select>
      <Icon name="down" />
    </label>
  )
}

/** Links that are called the same have a number behind their name, in the order in which they were opened. */
function toldApart(links: readonly string[]): (readonly [linkId: string, title: string])[] {
  const called = new Map<string, number>()
  return links.map((link) => {
    const at = link.indexOf(' ')
    const title = link.slice(at + 1)
    const turn = (called.get(title) ?? 0) + 1
    called.set(title, turn)
    return [link.slice(0, at), turn === 1 ? title : `${title} (${turn})`]
  })
}
