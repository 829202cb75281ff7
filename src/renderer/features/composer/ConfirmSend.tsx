import type { JSX } from 'react'
import { createPortal } from 'react-dom'
import { useDialog } from '../../ui/use-dialog'
import { texts } from './texts'

interface ConfirmSendProps {
  readonly route: string
  readonly why: string
  readonly onSend: () => void
  readonly onClose: () => void
}

/** Asked before something is sent that asks for it. The way out has the focus: Enter twice by mistake sends nothing. */
export function ConfirmSend({ route, why, onSend, onClose }: ConfirmSendProps): JSX.Element {
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
        <h2 id="confirm-title">{texts.confirmTitle(route)}</h2>
        <p id="confirm-why" className="t2">
          {why}
        </p>
        <div className="confirm-acts">
          <button type="button" className="btn" data-first="" onClick={onClose}>
            {texts.confirmCancel}
          </button>
          <button
            type="button"
            className="btn primary"
            onClick={() => {
              onClose()
              onSend()
            }}
          >
            {texts.confirmOnce}
          </button>
        </div>
      </div>
    </div>,
    document.body,
  )
}
