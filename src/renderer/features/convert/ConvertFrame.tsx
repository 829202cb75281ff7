import { type JSX, type ReactNode, useEffect, useId } from 'react'
import { createPortal } from 'react-dom'
import { useDialog } from '../../ui/use-dialog'
import '../../ui/confirm-dialog.css'
import './convert.css'

interface ConvertFrameProps {
  readonly title: string
  /** What is shown in it: when that changes, the focus goes to what is marked `data-first`. */
  readonly stage: string
  readonly onClose: () => void
  readonly children: ReactNode
}

/** The dialog around an export or import. What runs goes on when it is closed. */
export function ConvertFrame({ title, stage, onClose, children }: ConvertFrameProps): JSX.Element {
  const { ref, pressed } = useDialog(onClose)
  const titleId = useId()
  useEffect(() => {
    ref.current?.querySelector<HTMLElement>('[data-first]')?.focus()
  }, [ref, stage])
  return createPortal(
    <div className="confirm-scrim">
      <div
        ref={ref}
        className="confirm convert"
        role="dialog"
        aria-modal="true"
        aria-labelledby={titleId}
        onKeyDown={(event) => {
          pressed(event)
          event.stopPropagation()
        }}
      >
        <h2 id={titleId}>{title}</h2>
        {children}
      </div>
    </div>,
    document.body,
  )
}
