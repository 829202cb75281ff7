import { type JSX, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { CopyShape } from '../../../shared/model/list-view'
import type { MessageDetail } from '../../../shared/model/views'
import { useApp } from '../../store/app-store'
import { useSession } from '../../store/session-context'
import { Icon } from '../../ui/icons'
import { roving } from '../../ui/roving'
import { inspectorTexts } from './texts'
import { useCopy } from './use-copy'

const t = inspectorTexts.copy
const SHAPES = Object.keys(t.shapes) as CopyShape[]
const MENU_ID = 'inspector-copy-menu'

/** Copies the message in a shape of choice. The core writes the text, from the model and from the whole body. */
export function CopyMenu({ detail }: { readonly detail: MessageDetail }): JSX.Element {
  const { client } = useSession()
  const [isOpen, setOpen] = useState(false)
  const [said, copy] = useCopy()
  const box = useRef<HTMLDivElement>(null)
  const view = useApp((s) => s.listView)
  const fields = useApp((s) => s.listFields)
  useEffect(() => {
    if (!isOpen) return
    box.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus()
    const pressedElsewhere = (event: PointerEvent): void => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false)
    }
    document.addEventListener('pointerdown', pressedElsewhere)
    return () => document.removeEventListener('pointerdown', pressedElsewhere)
  }, [isOpen])
  const close = (): void => {
    setOpen(false)
    box.current?.querySelector('button')?.focus()
  }
  const chosen = (shape: CopyShape): void => {
    close()
    copy(
      client
        .call('list.copy', {
          view: { ...view, marks: [...view.marks] },
          shape,
          fields: [...fields],
          messageIds: [detail.id],
        })
        .then(({ text }) => text),
    )
  }
  const pressed = (event: KeyboardEvent): void => {
    if (!isOpen) return
    if (event.key === 'Escape') {
      event.stopPropagation()
      close()
      return
    }
    if (event.key === 'Tab') setOpen(false)
    const items = [...(box.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])]
    const next = roving(event.key, items.indexOf(document.activeElement as HTMLElement), items.length)
    if (next === undefined) return
    event.preventDefault()
    event.stopPropagation()
    items[next]?.focus()
  }
  return (
    <div className="copy-menu" ref={box} onKeyDown={pressed}>
      <button
        type="button"
        className="btn ghost sm sq"
        title={said === '' ? t.button : said}
        aria-label={t.button}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={MENU_ID}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name={said === '' ? 'copy' : said === inspectorTexts.copied ? 'check' : 'x'} />
      </button>
      <span className="sr-only" role="status">
        {said}
      </span>
      {isOpen && (
        <div className="menu" role="menu" id={MENU_ID} aria-label={t.button}>
          {SHAPES.map((shape) => (
            <button key={shape} type="button" role="menuitem" tabIndex={-1} onClick={() => chosen(shape)}>
              {t.shapes[shape]}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}
