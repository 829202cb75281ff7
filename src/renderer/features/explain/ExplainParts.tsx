import { type JSX, useState } from 'react'
import type {
  ExplainedBlocker,
  Explanation,
  ExplanationPart,
  ExplanationPartName,
  OtherBlockers,
} from '../../../shared/model/explanation'
import { PART_NAMES } from '../../../shared/model/explanation-markdown'
import { explainedShares } from '../../../shared/model/explanation-numbers'
import { formatPercent, groupDigits } from '../../ui/format'
import { revealLine } from '../../ui/visible-text'
import { explainTexts as t } from './texts'

type Shares = ReturnType<typeof explainedShares>

interface ExplainPartsProps {
  readonly explanation: Explanation
  readonly shown: Shares
  /** Without who was in the way. */
  readonly isBrief?: boolean
  readonly onSelect: (messageId: number) => void
}

/** These have the colour of the message itself. */
const OWN: readonly ExplanationPartName[] = ['wire', 'overhead', 'repeated']
const ANSWER: readonly ExplanationPartName[] = ['peer', 'answer-wire']

/** Bar and table say the same; what a part is about can be selected in both. */
export function ExplainParts(props: ExplainPartsProps): JSX.Element {
  const { explanation, shown, isBrief = false, onSelect } = props
  const { parts, totalMs, main, lanes } = explanation
  const [pointed, setPointed] = useState<ExplanationPartName | null>(null)
  const answerId = lanes.find(({ role }) => role === 'answer')?.messageId ?? null
  const aimOf = (part: ExplanationPart): number | null => {
    if (ANSWER.includes(part.name)) return answerId
    const first = part.blockers[0]?.messageId ?? 0
    return first === 0 ? null : first
  }
  const hueOf = (name: ExplanationPartName): number | undefined =>
    OWN.includes(name) || name === 'answer-wire' ? explanation.hue : undefined
  return (
    <>
      <div className="xbar ex-bar" aria-hidden="true">
        {parts.map((part, index) => {
          const aim = aimOf(part)
          return (
            <i
              key={part.name}
              className={`ex-fill ex-${part.name}${pointed === part.name ? ' is-pointed' : ''}`}
              data-hue={hueOf(part.name)}
              title={`${PART_NAMES[part.name]} ${shown.parts[index]!}`}
              style={{ flex: `${Math.max(part.ms / totalMs, 0.008)} 0 0` }}
              onPointerEnter={() => setPointed(part.name)}
              onPointerLeave={() => setPointed(null)}
              onClick={() => {
                if (aim !== null) onSelect(aim)
              }}
            />
          )
        })}
      </div>
      <table className="ex-parts" aria-label={t.parts}>
        <colgroup>
          <col />
          <col className="ex-time" />
          <col className="ex-share" />
        </colgroup>
        <thead>
          <tr className="sr-only">
            <th scope="col">{t.part}</th>
            <th scope="col">{t.time}</th>
            <th scope="col">{t.share}</th>
          </tr>
        </thead>
        {parts.map((part, index) => {
          if (!shown.isShown[index] && part.name !== main) return null
          const aim = ANSWER.includes(part.name) ? aimOf(part) : null
          const name = PART_NAMES[part.name]
          return (
            <tbody
              key={part.name}
              className={pointed === part.name ? 'is-pointed' : undefined}
              onPointerEnter={() => setPointed(part.name)}
              onPointerLeave={() => setPointed(null)}
            >
              <tr className={part.name === main ? 'b' : undefined} data-part={part.name}>
                <th scope="row">
                  <span className="ex-what">
                    <span className={`sw ex-fill ex-${part.name}`} data-hue={hueOf(part.name)} />
                    {aim === null ? (
                      <span className="ell">{name}</span>
                    ) : (
                      <button
                        type="button"
                        className="textlink ell"
                        title={t.select(t.answer)}
                        onClick={() => onSelect(aim)}
                      >
                        {name}
                      </button>
                    )}
                  </span>
                </th>
                <td>{shown.parts[index]}</td>
                <td className="t3">{share(part.ms, totalMs)}</td>
              </tr>
              {!isBrief && <Blockers part={part} totalMs={totalMs} onSelect={onSelect} />}
            </tbody>
          )
        })}
      </table>
    </>
  )
}

interface BlockersProps {
  readonly part: ExplanationPart
  readonly totalMs: number
  readonly onSelect: (messageId: number) => void
}

function Blockers({ part, totalMs, onSelect }: BlockersProps): JSX.Element {
  const rows: readonly (ExplainedBlocker | OtherBlockers)[] =
    part.others === null ? part.blockers : [...part.blockers, part.others]
  const shown = explainedShares(
    part.ms,
    rows.map(({ ms }) => ms),
  )
  return (
    <>
      {rows.map((row, index) => (
        <tr key={'messages' in row ? 'others' : row.messageId} className="ex-blocker">
          <th scope="row">
            <span className="ex-what">
              <BlockerName row={row} onSelect={onSelect} />
            </span>
          </th>
          <td>{shown.parts[index]}</td>
          <td className="t3">{share(row.ms, totalMs)}</td>
        </tr>
      ))}
    </>
  )
}

interface BlockerNameProps {
  readonly row: ExplainedBlocker | OtherBlockers
  readonly onSelect: (messageId: number) => void
}

function BlockerName({ row, onSelect }: BlockerNameProps): JSX.Element {
  const bytes = t.bytes(groupDigits(row.bytes))
  if ('messages' in row) {
    return (
      <span className="ell t2">
        {t.others(row.messages)} <span className="t3">{bytes}</span>
      </span>
    )
  }
  if (row.messageId === 0) {
    return (
      <span className="ell t2">
        {t.ofNoMessage} <span className="t3">{bytes}</span>
      </span>
    )
  }
  const facts = row.priority === null ? bytes : `${t.priority(row.priority)}, ${bytes}`
  return (
    <>
      <span className="sw" data-hue={row.hue} />
      <button
        type="button"
        className="textlink ell"
        title={`${t.select(`#${row.messageId}`)}: ${facts}`}
        onClick={() => onSelect(row.messageId)}
      >
        #{row.messageId} {revealLine(row.route)}
      </button>
      <span className="ell t3">{facts}</span>
    </>
  )
}

const share = (ms: number, totalMs: number): string =>
  ms / totalMs < 0.01 ? t.lessThanOne : formatPercent(ms / totalMs)
