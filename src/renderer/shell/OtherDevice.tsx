import type { JSX } from 'react'
import type { LinkStatus } from '../../shared/model/views'
import { useSession } from '../store/session-context'
import { Icon } from '../ui/icons'
import { texts } from '../ui/texts'
import { revealLine } from '../ui/visible-text'

/** `usb:VID:PID:SERIAL:INTERFACE`: the serial number of a device, where it has one. */
const serialOf = (identity: string): string => {
  const [kind, , , serial = ''] = identity.split(':')
  return kind === 'usb' ? serial : ''
}

/** Another board is where the one of the link was: asked once, answered by accepting it or by plugging the former one in. */
export function OtherDevice({ link }: { readonly link: LinkStatus }): JSX.Element | null {
  const session = useSession()
  const { otherDevice } = link
  if (otherDevice === null) return null
  return (
    <>
      <Icon name="chip" tone="warn" />
      <span className="what ell">
        {texts.link.otherDevice(revealLine(otherDevice.title), revealLine(serialOf(otherDevice.identity)))}
      </span>
      <button type="button" className="btn sm" onClick={() => session.acceptDevice(link.linkId)}>
        {texts.link.useDevice}
      </button>
    </>
  )
}
