import { type FocusEvent, type JSX, type KeyboardEvent, type ReactNode, useRef, useState } from 'react'
import { useKeyWords } from '../commands/key-map-context'
import { RecordButton } from '../features/recorder/RecordButton'
import { TapeMenu } from '../features/tape/TapeMenu'
import { tapeTexts } from '../features/tape/texts'
import { useApp } from '../store/app-store'
import { linkWords, toneOf } from '../store/link-words'
import { selectActiveLink } from '../store/links-slice'
import { useSession } from '../store/session-context'
import { selectIsReplay } from '../store/tape-slice'
import { selectTheme } from '../store/theme-slice'
import { Icon } from '../ui/icons'
import { texts } from '../ui/texts'
import { commandTexts } from './command-texts'
import { LinkMenu } from './LinkMenu'
import { LockButton } from './LockButton'

/** The link in hand, and how the screen looks. */
export function TitleBar(): JSX.Element {
  return (
    <header className="title" data-pane="title">
      <span className="mark" role="img" aria-label={texts.app.name}>
        <Icon name="mark" />
      </span>
      <SourceButton />
      <RecordButton />
      <LockButton />
      <span className="grow" />
      <ThemeButton />
      <CommandsButton />
    </header>
  )
}

/** What the screen looks at: a link of the live session, or a recording. */
function SourceButton(): JSX.Element {
  const isReplay = useApp(selectIsReplay)
  return isReplay ? <TapeButton /> : <LinkButton />
}

function TapeButton(): JSX.Element {
  const recording = useApp((s) => s.tape?.recording ?? '')
  return (
    <MenuButton
      hasMenu
      menu={(close) => <TapeMenu onClose={close} />}
      label={
        <>
          <Icon name="rec" />
          <b className="b ell">{recording}</b>
          <span className="t2 ell">{tapeTexts.replayViewOnly}</span>
        </>
      }
    />
  )
}

function LinkButton(): JSX.Element {
  const session = useSession()
  const link = useApp(selectActiveLink)
  const isLost = useApp((s) => s.host.kind === 'lost')
  return (
    <MenuButton
      hasMenu={link !== undefined}
      onPress={() => session.openConnect()}
      menu={(close) => <LinkMenu onClose={close} />}
      label={
        <>
          <span className={`dot ${isLost ? 'err' : toneOf(link)}`} />
          {link === undefined ? (
            <b className="b">{texts.link.none}</b>
          ) : (
            <>
              <b className="b ell">{linkWords(link).name}</b>
              <span className="t2 ell">{linkWords(link).settings}</span>
            </>
          )}
        </>
      }
    />
  )
}

interface MenuButtonProps {
  /** Without a menu a press does something. */
  readonly hasMenu: boolean
  readonly label: ReactNode
  readonly menu: (close: () => void) => ReactNode
  readonly onPress?: () => void
}

function MenuButton({ hasMenu, label, menu, onPress }: MenuButtonProps): JSX.Element {
  const [isOpen, setIsOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const close = (): void => setIsOpen(false)
  const left = (event: FocusEvent): void => {
    if (!event.currentTarget.contains(event.relatedTarget)) close()
  }
  const pressed = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !isOpen) return
    event.stopPropagation()
    close()
    button.current?.focus()
  }
  return (
    <div className="menu-anchor" onBlur={left} onKeyDown={pressed}>
      <button
        ref={button}
        type="button"
        className="btn link-button"
        aria-haspopup={hasMenu ? 'true' : 'dialog'}
        aria-expanded={isOpen}
        data-pane-focus=""
        onClick={() => {
          if (hasMenu) setIsOpen(!isOpen)
          else onPress?.()
        }}
      >
        {label}
        <Icon name="down" />
      </button>
      {isOpen && menu(close)}
    </div>
  )
}

function CommandsButton(): JSX.Element {
  const keys = useKeyWords('app.palette')
  const isOpen = useApp((s) => s.isPaletteOpen)
  return (
    <button
      type="button"
      className="btn ghost"
      title={commandTexts.paletteHint(keys)}
      aria-label={commandTexts.palette}
      aria-haspopup="dialog"
      aria-expanded={isOpen}
      onClick={() => useApp.getState().paletteToggled(true)}
    >
      <Icon name="search" />
      <span className="commands-words">
        {commandTexts.palette}
        <kbd>{keys}</kbd>
      </span>
    </button>
  )
}

function ThemeButton(): JSX.Element {
  const theme = useApp(selectTheme)
  const { themeChosen } = useApp.getState()
  const label = theme === 'dark' ? texts.app.toLight : texts.app.toDark
  return (
    <button
      type="button"
      className="btn ghost sq"
      title={label}
      aria-label={label}
      onClick={() => themeChosen(theme === 'dark' ? 'light' : 'dark')}
    >
      <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
    </button>
  )
}
