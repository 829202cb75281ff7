import { type JSX, Suspense, useCallback, useMemo } from 'react'
import { KeyMap } from '../commands/key-map'
import { KeyMapContext } from '../commands/key-map-context'
import { CacheWatch } from '../features/cache/CacheWatch'
import { Composer } from '../features/composer/Composer'
import { CheckDialogs } from '../features/snippets/CheckDialog'
import { ConvertDialogs } from '../features/convert/ConvertDialogs'
import { TrimButton } from '../features/convert/TrimButton'
import { ConnectCard } from '../features/connect/ConnectCard'
import { ExplainSummary } from '../features/explain/ExplainSummary'
import { ExplainTab } from '../features/explain/ExplainTab'
import { FilterBar } from '../features/filter/FilterBar'
import { Inspector } from '../features/inspector/Inspector'
import { LivePage } from '../features/live/LivePage'
import { RecorderToasts } from '../features/recorder/RecorderToasts'
import { ReplayControls } from '../features/replay/ReplayControls'
import { ReplayConfirm } from '../features/replay/ReplayConfirm'
import { ReplayComposer } from '../features/tape/ReplayComposer'
import { TransportBar } from '../features/tape/TransportBar'
import { SettingsDialog } from '../features/settings/SettingsDialog'
import { TriggersDialog } from '../features/triggers/TriggersDialog'
import { TriggerWatch } from '../features/triggers/TriggerWatch'
import { LanesView } from '../lanes/LanesView'
import type { LanePlayhead } from '../lanes/worker-protocol'
import type { TapeState } from '../../shared/model/tape'
import type { MessageDetail } from '../../shared/model/views'
import { useApp } from '../store/app-store'
import { selectIsPaneShown } from '../store/layout-slice'
import { laneRules } from '../store/filters'
import { timeIsWithin } from '../store/filter-words'
import { linkWords } from '../store/link-words'
import { selectLinks } from '../store/links-slice'
import type { NewNote, Session } from '../store/session'
import { SessionContext } from '../store/session-context'
import { selectIsReplay } from '../store/tape-slice'
import type { Theme } from '../store/theme-slice'
import { selectIsPaused } from '../store/view-slice'
import { texts } from '../ui/texts'
import { ActivityBar } from './ActivityBar'
import { allCommands } from './all-commands'
import { Announcer } from './Announcer'
import { AppBanner, LinkBanner } from './Banners'
import { HelpSheet } from './HelpSheet'
import { LinkToasts } from './LinkToasts'
import { PAGES } from './pages'
import { Palette } from './Palette'
import { focusPane } from './panes'
import { QuietCard } from './QuietCard'
import { StatusBar } from './StatusBar'
import { TitleBar } from './TitleBar'
import { ToastHost } from './ToastHost'
import { useGlobalKeys } from './use-global-keys'
import { useTheme } from './use-theme'
import './shell.css'

/** The whole screen. Features know each other only here. */
export function App({ session }: { readonly session: Session }): JSX.Element {
  const theme = useTheme()
  const isConnectOpen = useApp((s) => s.isConnectOpen)
  const page = useApp((s) => s.page)
  const isReplay = useApp(selectIsReplay)
  const epoch = useApp((s) => s.lookEpoch)
  const hasBar = isReplay && TAPE_PAGES.has(page)
  const isHelpOpen = useApp((s) => s.isHelpOpen)
  const isTriggersOpen = useApp((s) => s.isTriggersOpen)
  const isPaletteOpen = useApp((s) => s.isPaletteOpen)
  const isSettingsOpen = useApp((s) => s.isSettingsOpen)
  const layouts = useApp((s) => s.layouts)
  const boundKeys = useApp((s) => s.boundKeys)
  const keyMap = useMemo(
    () => new KeyMap(allCommands(session, layouts), boundKeys),
    [session, boundKeys, layouts],
  )
  useGlobalKeys(keyMap)
  return (
    <SessionContext value={session}>
      <KeyMapContext value={keyMap}>
        <div className="app" inert={isHelpOpen || isTriggersOpen || isPaletteOpen || isSettingsOpen}>
          <TitleBar />
          <ActivityBar />
          <main className={hasBar ? 'pages with-tape' : 'pages'}>
            {hasBar && <TransportBar replayControls={<ReplayControls />} loopActions={<TrimButton />} />}
            <LivePage
              key={epoch}
              isShown={page === 'live'}
              isCovered={isConnectOpen}
              lanes={<Lanes session={session} theme={theme} />}
              filterBar={<FilterBar onLeave={toList} />}
              composer={isReplay ? <ReplayComposer /> : <Composer />}
              inspector={<Inspector timeTab={timeTab} timeSummary={timeSummary} />}
              banner={
                isReplay ? null : (
                  <>
                    <LinkBanner />
                    <QuietCard />
                  </>
                )
              }
            />
            {PAGES.map(
              ({ page: name, Content }) =>
                Content !== null &&
                name === page && (
                  <div key={`${name} ${epoch}`} className="page" inert={isConnectOpen}>
                    <Suspense fallback={<p className="empty">{texts.app.loadingPage}</p>}>
                      <Content />
                    </Suspense>
                  </div>
                ),
            )}
            {page !== 'live' && page !== 'problems' && !isConnectOpen && !isReplay && <LinkBanner />}
            {isConnectOpen && <ConnectCard />}
          </main>
          <StatusBar />
        </div>
        {isTriggersOpen && <TriggersDialog />}
        {isHelpOpen && <HelpSheet />}
        {isSettingsOpen && <SettingsDialog />}
        {isPaletteOpen && <Palette session={session} keyMap={keyMap} />}
        <ReplayConfirm />
        <TriggerWatch />
        {!isReplay && <LinkToasts />}
        <CacheWatch />
        <RecorderToasts />
        <ConvertDialogs />
        <CheckDialogs />
        <ToastHost />
        <AppBanner />
        <Announcer />
      </KeyMapContext>
    </SessionContext>
  )
}

/** Pages that show what is in the recording. */
const TAPE_PAGES: ReadonlySet<string> = new Set(['live', 'charts', 'terminal'])

const areLanesShown = selectIsPaneShown('lanes')

const timeTab = (detail: MessageDetail): JSX.Element => <ExplainTab key={detail.id} detail={detail} />
const timeSummary = (detail: MessageDetail): JSX.Element => <ExplainSummary key={detail.id} detail={detail} />

/** Between two words of the core the lanes move it on by themselves. */
function lanePlayhead(tape: TapeState | null): LanePlayhead | null {
  if (tape === null) return null
  const { positionMs, isPlaying, speed, loop, toMs } = tape
  const mostMs = loop !== null && positionMs < loop.toMs ? loop.toMs : toMs
  // as fast as possible is not known beforehand: it goes from word to word
  return { atMs: positionMs, speed: isPlaying ? (speed ?? 0) : 0, mostMs }
}

const toList = (): void => void focusPane('list')

function Lanes({ session, theme }: { readonly session: Session; readonly theme: Theme }): JSX.Element {
  const isPaused = useApp(selectIsPaused)
  const isFollowing = useApp((s) => s.areLanesFollowing)
  const isShown = useApp((s) => s.page === 'live' && areLanesShown(s))
  const selectedId = useApp((s) => s.selectedId)
  const askedTime = useApp((s) => s.askedTime)
  const tape = useApp((s) => s.tape)
  const playhead = useMemo(() => lanePlayhead(tape), [tape])
  const notes = useApp((s) => s.notes)
  const setNote = useCallback((note: NewNote) => session.setNote(note), [session])
  const removeNotes = useCallback((ids: readonly number[]) => session.removeNotes(ids), [session])
  const { lanesFollowChanged, newestFollowed, messageSelected } = useApp.getState()
  const select = useCallback((id: number | null) => messageSelected(id, 'lanes'), [messageSelected])
  // End in the lanes means what it means everywhere: the newest, and a paused view goes on
  const followChanged = useCallback(
    (isFollowing: boolean) => (isFollowing ? newestFollowed() : lanesFollowChanged(false)),
    [lanesFollowChanged, newestFollowed],
  )
  const titleOf = useCallback((id: number) => {
    const links = selectLinks(useApp.getState())
    const link = links.find(({ linkId }) => linkId === id)
    if (link === undefined) return `${id}`
    const { name, settings } = linkWords(link)
    const isUnique = links.every((other) => other === link || linkWords(other).name !== name)
    return isUnique ? name : `${name} · ${settings}`
  }, [])
  const filters = useApp((s) => s.filters)
  const marks = useMemo(() => laneRules(filters), [filters])
  const areaChosen = useCallback((fromMs: number, toMs: number) => {
    const { startedAtMs, filterSpanned } = useApp.getState()
    filterSpanned(timeIsWithin(startedAtMs, fromMs, toMs))
    focusPane('list')
  }, [])
  return (
    <LanesView
      client={session.client}
      theme={theme}
      isPaused={isPaused}
      isShown={isShown}
      isFollowing={isFollowing}
      selectedMessageId={selectedId}
      askedTime={askedTime}
      playhead={playhead}
      linkTitle={titleOf}
      onSelect={select}
      onFollowChange={followChanged}
      marks={marks}
      onArea={areaChosen}
      notes={notes}
      onSetNote={setNote}
      onRemoveNotes={removeNotes}
    />
  )
}
