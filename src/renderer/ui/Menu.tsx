import { type JSX, type KeyboardEvent, useEffect, useLayoutEffect, useRef } from 'react'
import { createPortal } from 'react-dom'
import { useOutsidePress } from './use-outside-press'
import { rememberFocus } from './focus-before'
import { Icon, type IconName } from './icons'
import { roving } from './roving'
import './popups.css'
import { pageHeightPx, pageWidthPx, toPagePx } from './page-zoom'

export interface MenuItem {
  readonly key: string
  readonly label: string
  /** Key that does the same, as printed beside the entry. */
  readonly hint?: string
  readonly icon?: IconName
  /** A stream hue, shown beside its name. */
  readonly hue?: number
  /** A choice that is on or off. */
  readonly isChecked?: boolean
  /** Of several in its group only one is on. */
  readonly isRadio?: boolean
  readonly isDisabled?: boolean
  /** The menu stays, for several choices in one go. */
  readonly staysOpen?: boolean
  readonly run: () => void
}

export interface MenuGroup {
  readonly label?: string
  readonly items: readonly MenuItem[]
}

/** Pixels of the window, as pointer and boxes tell them. */
export interface ScreenPoint {
  readonly x: number
  readonly y: number
}

interface MenuProps {
  readonly label: string
  readonly at: ScreenPoint
  readonly groups: readonly MenuGroup[]
  /** Further keys, with the entry that is focused. Return true when the key was meant. */
  readonly onKey?: (event: KeyboardEvent, itemKey: string) => boolean
  readonly onClose: () => void
}

const EDGE_PX = 8

/** Puts a floating element at a point, but wholly into the window. */
export function placeAt(element: HTMLElement, point: ScreenPoint): void {
  const { offsetWidth, offsetHeight } = element
  const [x, y] = [toPagePx(point.x), toPagePx(point.y)]
  const left = Math.min(x, pageWidthPx() - offsetWidth - EDGE_PX)
  const top = y + offsetHeight + EDGE_PX > pageHeightPx() ? pageHeightPx() - offsetHeight - EDGE_PX : y
  element.style.left = `${Math.max(EDGE_PX, left)}px`
  element.style.top = `${Math.max(EDGE_PX, top)}px`
}

/**
 * Entries that float above the page: arrows, Home, End and first letters move, Enter and Space choose, Escape and a press
 * outside close. The focus goes back to where it was.
 */
export function Menu({ label, at, groups, onKey, onClose }: MenuProps): JSX.Element {
  const menu = useRef<HTMLDivElement>(null)
  const { x, y } = at
  useLayoutEffect(() => {
    if (menu.current !== null) placeAt(menu.current, { x, y })
  }, [x, y])
  useEffect(() => {
    const giveBack = rememberFocus()
    buttonsOf(menu.current)[0]?.focus()
    return giveBack
  }, [])
  useOutsidePress(menu, onClose)
  useEffect(() => {
    window.addEventListener('blur', onClose)
    window.addEventListener('resize', onClose)
    return () => {
      window.removeEventListener('blur', onClose)
      window.removeEventListener('resize', onClose)
    }
  }, [onClose])

  const pressed = (event: KeyboardEvent): void => {
    event.stopPropagation() // what is below does not act
    const buttons = buttonsOf(menu.current)
    const index = buttons.findIndex((button) => button === document.activeElement)
    const key = buttons[index]?.dataset['item'] ?? ''
    if (onKey?.(event, key) === true) event.preventDefault()
    else if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault()
      onClose()
    } else if (event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey) {
      const letter = event.key.toLowerCase()
      const after = [...buttons.slice(index + 1), ...buttons.slice(0, index + 1)]
      after.find((button) => button.textContent.trim().toLowerCase().startsWith(letter))?.focus()
    } else if (!event.altKey) {
      const next = roving(event.key, index, buttons.length)
      if (next === undefined) return
      event.preventDefault()
      buttons[next]?.focus()
    }
  }
  const chosen = (item: MenuItem): void => {
    if (!item.staysOpen) onClose()
    item.run()
  }
  return createPortal(
    <div ref={menu} className="menu scrolls" role="menu" aria-label={label} onKeyDown={pressed}>
      {groups.map((group, index) => (
        <div key={group.label ?? index} role="group" aria-label={group.label}>
          {group.label !== undefined && <p aria-hidden="true">{group.label}</p>}
          {group.items.map((item) => (
            <button
              key={item.key}
              type="button"
              data-item={item.key}
              tabIndex={-1}
              role={
                item.isChecked === undefined
                  ? 'menuitem'
                  : item.isRadio === true
                    ? 'menuitemradio'
                    : 'menuitemcheckbox'
              }
              aria-checked={item.isChecked}
              disabled={item.isDisabled}
              onClick={() => chosen(item)}
              onPointerEnter={(event) => event.currentTarget.focus()}
            >
              <span className="tick">
                {item.isChecked === true ? (
                  <Icon name="check" small />
                ) : (
                  item.icon !== undefined && <Icon name={item.icon} small />
                )}
              </span>
              {item.hue !== undefined && <i className="sw" data-hue={item.hue} />}
              <span className="ell grow">{item.label}</span>
              {item.hint !== undefined && <kbd>{item.hint}</kbd>}
            </button>
          ))}
        </div>
      ))}
    </div>,
    document.body,
  )
}

const buttonsOf = (menu: HTMLElement | null): HTMLButtonElement[] => [
  ...(menu?.querySelectorAll<HTMLButtonElement>('button:not(:disabled)') ?? []),
]
