import { useCallback, useState } from 'react'
import { toWireError } from '../../../../shared/errors'
import type { CopyShape } from '../../../../shared/model/list-view'
import { useApp } from '../../../store/app-store'
import { countSelected } from '../../../store/row-selection'
import { useSession } from '../../../store/session-context'
import { sentences } from '../../../ui/format'
import { copiedText } from './copy-rows'
import { listTexts as t } from './texts'

/** Text that is longer is not put into the clipboard before the person said so. */
const ASK_FROM_BYTES = 1024 * 1024

/** A text too long to copy without asking. */
interface PendingCopy {
  readonly text: string
  readonly bytes: number
  readonly shape: CopyShape
  readonly told: string
}

export interface Copying {
  readonly copy: (shape: CopyShape) => void
  readonly pending: PendingCopy | null
  readonly answered: (isCopy: boolean) => void
  /** What became of it, for the pane head and for people who hear the list. */
  readonly outcome: string
}

/** Copies the selected rows and says what became of it. */
export function useCopy(): Copying {
  const session = useSession()
  const [pending, setPending] = useState<PendingCopy | null>(null)
  const [outcome, setOutcome] = useState('')
  const put = useCallback((text: string, told: string) => {
    // in an insecure context there is no clipboard at all
    if (!('clipboard' in navigator)) setOutcome(t.copyFailed)
    else {
      navigator.clipboard.writeText(text).then(
        () => setOutcome(told),
        () => setOutcome(t.copyFailed),
      )
    }
  }, [])
  const copy = useCallback(
    (shape: CopyShape) => {
      const { rowSelection, listFields, copyShapeChosen } = useApp.getState()
      const selected = countSelected(rowSelection)
      if (selected === 0) return
      copyShapeChosen(shape)
      setPending(null)
      copiedText(session.client, session.rows, listFields, rowSelection, shape).then(
        ({ text, rows, isTruncated, bytes }) => {
          const name = t.shapes[shape]
          const told = isTruncated ? t.copiedPart(rows, selected, name) : t.copied(rows, name, bytes)
          if (rows === 0) setOutcome(t.copyEmpty)
          else if (bytes > ASK_FROM_BYTES) setPending({ text, bytes, shape, told })
          else put(text, told)
        },
        (error: unknown) => {
          const { message, remedy } = toWireError(error)
          setOutcome(sentences(message, remedy))
        },
      )
    },
    [session, put],
  )
  const answered = useCallback(
    (isCopy: boolean) => {
      if (isCopy && pending !== null) put(pending.text, pending.told)
      setPending(null)
    },
    [pending, put],
  )
  return { copy, pending, answered, outcome }
}
