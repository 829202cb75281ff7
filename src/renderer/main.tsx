import './ui/tokens.css'
import './ui/base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createContractClient } from '../shared/contract/contract-client'
import { asConsoleError, toWireError } from '../shared/errors'
import { openHostChannel } from './host-channel'
import { App } from './shell/App'
import { StartFailure } from './shell/StartFailure'
import { readTheme } from './shell/use-theme'
import { useApp } from './store/app-store'
import { keepDraft } from './store/kept-draft'
import { Session } from './store/session'
import { SharedSettings } from './store/shared-settings'
import { beginAnew, followTakenSettings } from './store/taken-settings'

const page = document.getElementById('root')
if (page === null) throw new Error('the page has no place for the screen')
const root = createRoot(page)

readTheme()
try {
  const client = createContractClient(await openHostChannel())
  const settings = new SharedSettings(client)
  await settings.load()
  beginAnew(useApp)
  readTheme()
  followTakenSettings(useApp)
  settings.follow()
  keepDraft(useApp, window, () => sessionStorage)
  const session = new Session(client, useApp)
  session.start()
  root.render(
    <StrictMode>
      <App session={session} />
    </StrictMode>,
  )
} catch (error) {
  root.render(<StartFailure error={toWireError(asConsoleError(error))} />)
}
