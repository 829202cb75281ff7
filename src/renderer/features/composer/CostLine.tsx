import { type JSX, useDeferredValue } from 'react'
import type { DraftCheck } from '../../../shared/model/drafts'
import { useApp } from '../../store/app-store'
import { selectSendLink } from '../../store/links-slice'
import { Icon } from '../../ui/icons'
import { texts } from '../../ui/texts'
import { sendCost } from './cost'
import type { SendCheck } from './send-check'

const t = texts.composer

interface CostLineProps {
  readonly check: SendCheck
  /** What the core says, which knows variables and files. */
  readonly core: DraftCheck | null
  readonly hasTried: boolean
  readonly note: string | null
  readonly bodyBytes: number
}

/** What it costs, or why it cannot go: always one line, so that nothing moves. */
export function CostLine({ check, core, hasTried, note, bodyBytes }: CostLineProps): JSX.Element {
  const link = useApp(selectSendLink)
  const draft = useApp((s) => s.draft)
  const bytes = useDeferredValue(core?.bytes ?? bodyBytes)
  if (check.kind === 'invalid' && (check.field === 'body' || hasTried)) {
    return <Wrong text={check.body === undefined ? check.reason : `${check.body.code}, ${check.reason}`} />
  }
  if (note !== null) {
    return (
      <span id="composer-cost" className="cost" role="status">
        {note}
      </span>
    )
  }
  if (check.kind !== 'ready') {
    return (
      <span id="composer-cost" className="cost">
        {check.reason}
      </span>
    )
  }
  const [problem] = core?.problems ?? []
  if (problem !== undefined) return <Wrong text={`${problem.message}. ${problem.remedy}`} />
  const kind = link?.dialect === 'raw' ? 'bytes' : draft.kind
  const cost = link === undefined ? null : sendCost({ route: draft.route, kind, bytes }, link)
  return (
    <span id="composer-cost" className="cost">
      {cost !== null && t.cost(cost)}
    </span>
  )
}

const Wrong = ({ text }: { readonly text: string }): JSX.Element => (
  <span id="composer-cost" className="cost err" role="alert" title={text}>
    <Icon name="x" small />
    <span className="ell">{text}</span>
  </span>
)
