import type { JSX } from 'react'
import type { WireError } from '../../shared/errors'
import { sentences } from '../ui/format'
import { texts } from '../ui/texts'

/** The page could not reach the program at all. */
export function StartFailure({ error }: { readonly error: WireError }): JSX.Element {
  return (
    <div className="starting" role="alert">
      <p className="b">{sentences(error.message)}</p>
      <p>{error.remedy}</p>
      <p className="t3">{error.code}</p>
      <button type="button" className="btn" onClick={() => location.reload()}>
        {texts.app.reload}
      </button>
    </div>
  )
}
