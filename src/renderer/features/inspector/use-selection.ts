import { useCallback } from 'react'
import type { BodyTree } from '../../../shared/body/body-types'
import { useApp } from '../../store/app-store'
import type { BodySelection } from '../../store/inspect-slice'
import { extendTo, selectByte } from './body-select'

/** The selected bytes of this message, null when those of another one (or none) are selected. */
export const useSelection = (messageId: number): BodySelection | null =>
  useApp((s) => (s.bodySelection?.messageId === messageId ? s.bodySelection : null))

/** What a press on a byte does: selects the deepest value it belongs to, or grows the selection to it. */
export function useByteSelect(
  messageId: number,
  tree: BodyTree | null,
): (at: number, isExtending: boolean) => void {
  return useCallback(
    (at, isExtending) => {
      const { bodySelection, bodySelected } = useApp.getState()
      const canExtend = isExtending && bodySelection?.messageId === messageId
      bodySelected(canExtend ? extendTo(bodySelection, at) : selectByte(messageId, tree, at, 'hex'))
    },
    [messageId, tree],
  )
}
