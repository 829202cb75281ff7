import type { JSX } from 'react'
import { createPortal } from 'react-dom'
import { useDialog } from './use-dialog'
import './confirm-dialog.css'

interface ConfirmDialogProps {
  readonly title: string
  readonly why: string
  readonly act: string
  readonly cancel: string
  readonly onAct: () => void
  readonly onClose: () => void
}

/** Asked before something that cannot be taken back. The way out has the focus: Enter twice by mistake does nothing. */
export function ConfirmDialog({ title, why, act, cancel, onAct, onClose }: ConfirmDialogProps): JSX.Element {
  const { ref, pressed } = useDialog(onClose)
  return createPortal(
    <div className="confirm-scrim">
      <div
        ref={ref}
        className="confirm"
        role="alertdialog"
        aria-modal="true"
        aria-labelledby="confirm-title"
        aria-describedby="confirm-why"
        onKeyDown={(event) => {
          pressed(event)
          event.stopPropagation()
        }}
      >
        <h2 id="confirm-title">{title}</h2>
        <p id="confirm-why" className="t2">
          {why}
        </p>
        <div className="confirm-acts">
          <button type="button" className="btn" data-first="" onClick={onClose}>
            {cancel}
          </button>
          <button
            type="button"
            className="btn primary"
            onClick={() => {
              onClose()
              onAct()
            }}
          >
            {act}
          </button>
        </div>
      </div>
    </div>,
    document.body,
  )
}
