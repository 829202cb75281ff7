import { type JSX, useState } from 'react'
import { useApp } from '../../store/app-store'
import { selectProfiles } from '../../store/connect-slice'
import { keepSetting, readSetting } from '../../store/kept-settings'
import { Tabs } from '../../ui/Tabs'
import { ProfileList } from './ProfileList'
import { RecentList } from './RecentList'
import { texts as t } from './texts'

type Known = keyof typeof t.known
const TABS = (Object.keys(t.known) as Known[]).map((value) => ({ value, label: t.known[value] }))
const PANEL_ID = 'connect-known'
const SETTING = 'known-links'

interface KnownLinksProps {
  readonly isDisabled: boolean
  readonly onConnect: (url: string) => void
  /** Puts a profile into the form, to be changed. */
  readonly onEdit: (name: string) => void
}

/** Links of the past: what was opened lately, and what was given a name. */
export function KnownLinks({ isDisabled, onConnect, onEdit }: KnownLinksProps): JSX.Element {
  const hasProfiles = useApp((s) => selectProfiles(s).length > 0)
  const [chosen, setChosen] = useState<Known>(() =>
    readSetting(SETTING) === 'profiles' ? 'profiles' : 'recent',
  )
  const hasRecents = useApp((s) => s.recents.length > 0)
  // an empty list is not worth showing first
  const shown = chosen === 'recent' && !hasRecents && hasProfiles ? 'profiles' : chosen
  return (
    <div>
      <Tabs<Known>
        label={t.knownLabel}
        className="minitabs"
        value={shown}
        tabs={TABS}
        panelId={PANEL_ID}
        onChange={(tab) => {
          setChosen(tab)
          keepSetting(SETTING, tab)
        }}
      />
      <div id={PANEL_ID} className="known" role="tabpanel" aria-label={t.known[shown]}>
        {shown === 'recent' ? (
          <RecentList isDisabled={isDisabled} onConnect={onConnect} />
        ) : (
          <ProfileList isDisabled={isDisabled} onConnect={onConnect} onEdit={onEdit} />
        )}
      </div>
    </div>
  )
}
