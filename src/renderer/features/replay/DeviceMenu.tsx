import { type JSX, useEffect, useState } from 'react'
import type { ReplayTarget } from '../../../shared/model/replay'
import type { LinkStatus } from '../../../shared/model/views'
import { linkWords } from '../../store/link-words'
import { useSession } from '../../store/session-context'
import { Menu, type MenuItem, type ScreenPoint } from '../../ui/Menu'
import { replayTexts as t } from './texts'

const LISTEN_URL = 'tcp-listen://127.0.0.1:0'
const PTY_URL = 'pty:'

interface DeviceMenuProps {
  readonly at: ScreenPoint
  readonly onTarget: (target: ReplayTarget) => void
  readonly onAddress: () => void
  readonly onClose: () => void
}

/** The devices that are connected now, whatever the screen looks at, and the ways to be one. */
export function DeviceMenu({ at, onTarget, onAddress, onClose }: DeviceMenuProps): JSX.Element | null {
  const { live } = useSession()
  const [links, setLinks] = useState<readonly LinkStatus[] | null>(null)
  useEffect(
    () =>
      live.subscribe(
        'status',
        {},
        (status) => setLinks(status.links.filter(({ phase }) => phase === 'connected')),
        () => setLinks([]),
      ),
    [live],
  )
  if (links === null) return null
  const devices: MenuItem[] = links.map((link) => {
    const { name, settings } = linkWords(link)
    return {
      key: `link-${link.linkId}`,
      label: settings === '' ? name : `${name} · ${settings}`,
      icon: 'plug',
      run: () => onTarget({ kind: 'link', linkId: link.linkId }),
    }
  })
  const none: MenuItem = { key: 'none', label: t.noLink, isDisabled: true, run: () => undefined }
  return (
    <Menu
      label={t.devices}
      at={at}
      groups={[
        { label: t.devices, items: devices.length === 0 ? [none] : devices },
        {
          label: t.beDevice,
          items: [
            {
              key: 'listen',
              label: t.listen,
              icon: 'chip',
              run: () => onTarget({ kind: 'listen', url: LISTEN_URL }),
            },
            {
              key: 'pty',
              label: t.pty,
              icon: 'plug',
              run: () => onTarget({ kind: 'listen', url: PTY_URL }),
            },
            { key: 'address', label: t.port, icon: 'net', run: onAddress },
          ],
        },
      ]}
      onClose={onClose}
    />
  )
}
