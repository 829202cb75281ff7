import type { JSX } from 'react'
import { useApp } from '../../store/app-store'
import { ConvertProgress } from './ConvertProgress'
import { convertTexts as t } from './texts'
import type { Change } from './use-change'

interface ChangeProgressProps {
  readonly change: Change
  readonly onClose: () => void
}

/** How far a trim or a redaction is, what it made, and the way there. */
export function ChangeProgress({ change, onClose }: ChangeProgressProps): JSX.Element {
  const { conversion, isRunning, cancel, again } = change
  const made = conversion?.state === 'done' ? conversion.recording : ''
  const show = (): void => {
    onClose()
    useApp.getState().recordingWished(made)
  }
  return (
    <>
      <div className="change-progress">
        {conversion !== null && <ConvertProgress conversion={conversion} />}
        {made !== '' && <p className="change-made">{t.made(made)}</p>}
      </div>
      <div className="confirm-acts">
        {isRunning ? (
          <button type="button" className="btn" onClick={cancel}>
            {t.cancel}
          </button>
        ) : made === '' ? (
          <button type="button" className="btn ghost" onClick={again}>
            {t.back}
          </button>
        ) : (
          <button type="button" className="btn" onClick={show}>
            {t.show}
          </button>
        )}
        <button type="button" className="btn primary" data-first="" onClick={onClose}>
          {t.close}
        </button>
      </div>
    </>
  )
}
