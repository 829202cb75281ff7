import type { JSX } from 'react'
import { useApp } from '../../store/app-store'
import type { DeviceTab } from '../../store/device-slice'
import { Tabs } from '../../ui/Tabs'
import { EventsTab } from './EventsTab'
import { RespondersTab } from './RespondersTab'
import { RoutesTab } from './RoutesTab'
import { deviceTexts as t } from './texts'
import './device.css'

const TABS: readonly { readonly value: DeviceTab; readonly label: string }[] = [
  { value: 'responders', label: t.tab.responders },
  { value: 'routes', label: t.tab.routes },
  { value: 'events', label: t.tab.events },
]

/** Where the operator stands in for a device or its host: what is answered, what is asked for, what happens. */
export function DevicePage(): JSX.Element {
  const tab = useApp((s) => s.deviceTab)
  const { deviceTabChosen } = useApp.getState()
  return (
    <section className="pane device" data-pane="device" aria-label={t.tabs}>
      <Tabs label={t.tabs} value={tab} tabs={TABS} panelId="device-panel" onChange={deviceTabChosen} />
      <div id="device-panel" className="device-panel" role="tabpanel" aria-label={t.tab[tab]}>
        {tab === 'responders' && <RespondersTab />}
        {tab === 'routes' && <RoutesTab />}
        {tab === 'events' && <EventsTab />}
      </div>
    </section>
  )
}
