import type { JSX } from 'react'
import { useApp } from '../../store/app-store'
import { texts } from '../../ui/texts'

/** The number of a message, which leads to it. */
export function MessageLink({ id }: { readonly id: number }): JSX.Element {
  const { messageSelected } = useApp.getState()
  return (
    <button
      type="button"
      className="textlink"
      title={texts.composer.select(id)}
      onClick={() => messageSelected(id, 'inspector')}
    >
      #{id}
    </button>
  )
}
