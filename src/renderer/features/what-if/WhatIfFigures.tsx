import type { JSX } from 'react'
import type { WhatIfGroup, WhatIfSummary } from '../../../shared/model/what-if'
import { shownMs } from '../../../shared/model/what-if-words'
import { useApp } from '../../store/app-store'
import { useSession } from '../../store/session-context'
import { Icon } from '../../ui/icons'
import { revealLine } from '../../ui/visible-text'
import { whatIfTexts as t } from './texts'
import { changeWord, msWord, toneOf } from './what-if-words'

interface WhatIfFiguresProps {
  readonly run: number
  readonly summary: WhatIfSummary
}

/** How long messages wait and take, before and then, by priority and route. */
export function WhatIfFigures({ run, summary }: WhatIfFiguresProps): JSX.Element {
  const { live } = useSession()
  const { all, priorities, routes, calibration, leftOut } = summary
  const copied = async (): Promise<void> => {
    const { text } = await live.call('whatif.markdown', { run })
    await navigator.clipboard.writeText(text)
    useApp.getState().toasted({ key: 'what-if', text: t.copied, tone: 'ok' })
  }
  return (
    <aside className="pane what-if-side" aria-label={t.figures}>
      <div className="what-if-side-head">
        <h2>{t.figures}</h2>
        <button
          type="button"
          className="btn ghost sm sq"
          data-what-if-copy
          aria-label={t.copy}
          title={t.copy}
          onClick={() => void copied()}
        >
          <Icon name="copy" />
        </button>
      </div>
      <div className="scrolls">
        <FigureTable title={t.wait} pick="wait" all={all} priorities={priorities} routes={routes} />
        <FigureTable title={t.whole} pick="total" all={all} priorities={priorities} routes={routes} />
        <div className="sec what-if-notes">
          <p>
            {calibration === null
              ? t.noCalibration
              : t.calibration(shownMs(calibration.total.p50), shownMs(calibration.total.max))}
          </p>
          <p>{t.assumed}</p>
          {leftOut > 0 ? <p>{t.leftOut(leftOut)}</p> : null}
        </div>
      </div>
    </aside>
  )
}

interface FigureTableProps {
  readonly title: string
  readonly pick: 'wait' | 'total'
  readonly all: WhatIfGroup
  readonly priorities: readonly WhatIfGroup[]
  readonly routes: readonly WhatIfGroup[]
}

function FigureTable({ title, pick, all, priorities, routes }: FigureTableProps): JSX.Element {
  const line = (key: string, name: JSX.Element, group: WhatIfGroup): JSX.Element => {
    const before = pick === 'wait' ? group.waitBefore : group.totalBefore
    const after = pick === 'wait' ? group.waitAfter : group.totalAfter
    const byMs = after.p95 - before.p95
    return (
      <tr key={key}>
        <th scope="row">
          <span className="rt">{name}</span>
        </th>
        <td className="num">{msWord(before.p95)}</td>
        <td className="num">{msWord(after.p95)}</td>
        <td className={`num ${toneOf(byMs)}`}>{changeWord(byMs)}</td>
      </tr>
    )
  }
  return (
    <section className="sec">
      <table className="what-if-table">
        <thead>
          <tr>
            <th scope="col">
              {title}
              <span className="t3"> {t.p95}</span>
            </th>
            <th scope="col">{t.before}</th>
            <th scope="col">{t.after}</th>
            <th scope="col">{t.columns.change}</th>
          </tr>
        </thead>
        <tbody>
          {line('all', <span>{t.all}</span>, all)}
          {priorities.length > 1
            ? priorities.map((group) =>
                line(`p${group.priority}`, <span>{t.priority(group.priority ?? 0)}</span>, group),
              )
            : null}
          {routes.map((group) =>
            line(
              `r${group.route}`,
              <>
                <i className="sw" data-hue={group.hue} />
                <span className="ell">{revealLine(group.route)}</span>
              </>,
              group,
            ),
          )}
        </tbody>
      </table>
    </section>
  )
}
