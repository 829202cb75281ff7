import type { JSX } from 'react'
import { useApp } from '../../store/app-store'
import { texts } from './texts'
import type { RouteSchemas } from './use-route-schema'

/** A form for a route of which nothing is known: what can be done about it. */
export function NoSchema({
  route,
  schemas,
}: {
  readonly route: string
  readonly schemas: RouteSchemas
}): JSX.Element {
  const { draftChanged } = useApp.getState()
  return (
    <div className="form-note" role="status">
      <span className="t2">{texts.noSchema(route)}</span>
      <span className={schemas.problem === null ? 't3' : 'err'}>{schemas.problem ?? texts.noSchemaDo}</span>
      <button
        type="button"
        className="btn sm"
        data-pane-focus=""
        disabled={schemas.isAsking || schemas.ask === null}
        onClick={() => schemas.ask?.()}
      >
        {schemas.isAsking ? texts.asking : schemas.hasAsked ? texts.askAgain : texts.askPeer}
      </button>
      <button type="button" className="btn ghost sm" onClick={() => draftChanged({ format: 'json' })}>
        {texts.asJson}
      </button>
    </div>
  )
}
