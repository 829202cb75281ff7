import type { Command } from '../../commands/command'
import { useApp } from '../../store/app-store'
import type { DeviceTab } from '../../store/device-slice'

const GROUP = 'Device'

/** What can be done in place of a device or its host. */
export function deviceCommands(): Command[] {
  const shown = (tab: DeviceTab) => (): void => {
    const { deviceTabChosen, pageChosen } = useApp.getState()
    deviceTabChosen(tab)
    pageChosen('device')
  }
  return [
    { id: 'device.responders', title: 'Show responders', group: GROUP, keys: [], run: shown('responders') },
    { id: 'device.routes', title: 'Show routes', group: GROUP, keys: [], run: shown('routes') },
    { id: 'device.events', title: 'Show events', group: GROUP, keys: [], run: shown('events') },
    {
      id: 'device.answer',
      title: 'Answer the route of the selected message',
      group: GROUP,
      keys: [],
      isEnabled: () => useApp.getState().selectedId !== null,
      run: () => {
        const { selectedId, responderWished } = useApp.getState()
        if (selectedId !== null) responderWished({ wish: 'answer', messageId: selectedId })
      },
    },
  ]
}
