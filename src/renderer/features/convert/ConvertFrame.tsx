import { type JSX, type ReactNode, useId } from 'react'
import { createPortal } from 'react-dom'
import { useDialog } from '../../ui/use-dialog'
import '../../ui/confirm-dialog.css'
import './convert.css'

interface ConvertFrameProps {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
}

/** The dialog around an export or import. What runs goes on when it is closed. */
export function ConvertFrame({ title, onClose, children }: ConvertFrameProps): JSX.Element {
  const { ref, pressed } = useDialog(onClose)
  const titleId = useId()
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
