import {
  type ExplainedBlocker,
  type Explanation,
  type ExplanationPart,
  type ExplanationPartName,
} from './explanation'
import { explainedMs, explainedShares, groupedNumber } from './explanation-numbers'

/** What the parts are called, on screen and in reports. */
export const PART_NAMES: Readonly<Record<ExplanationPartName, string>> = {
  'link-down': 'No connection',
  session: 'Peer not ready',
  queued: 'Queued here',
  blocked: 'Blocked by others',
  wire: 'On the wire',
  overhead: 'Heads and framing',
  repeated: 'Sent again',
  peer: 'Peer and way',
  'answer-blocked': 'Answer behind others',
  'answer-wire': 'Answer on the wire',
  decode: 'Reading and decoding',
  unknown: 'Unknown',
}

/** `cfg.put` with what would be formatting written as characters. Routes come from the peer. */
const plain = (text: string): string =>
  text.replace(/[\u0000-\u001f\u007f]/g, ' ').replace(/[\\`*_{}[\]()#+!|<>~&]/g, (char) => `\\${char}`)

const blockerName = ({ messageId, route, priority }: ExplainedBlocker): string => {
  if (messageId === 0) return 'frames of no message'
  const name = route === '' ? '' : ` ${plain(route)}`
  return `\\#${messageId}${name}${priority === null ? '' : `, priority ${priority}`}`
}

const sharePercent = (ms: number, totalMs: number): string => {
  const percent = totalMs > 0 ? (ms / totalMs) * 100 : 0
  return percent > 0 && percent < 1 ? '<1 %' : `${Math.round(percent)} %`
}

function blockerLines({ blockers, others }: ExplanationPart, totalMs: number): string[] {
  const lines = blockers.map(
    (blocker) =>
      `| – by ${blockerName(blocker)}, ${groupedNumber(blocker.bytes)} B | ${explainedMs(blocker.ms, totalMs)} | ${sharePercent(blocker.ms, totalMs)} |`,
  )
  if (others !== null) {
    lines.push(
      `| – by ${others.messages} others, ${groupedNumber(others.bytes)} B | ${explainedMs(others.ms, totalMs)} | ${sharePercent(others.ms, totalMs)} |`,
    )
  }
  return lines
}

/** The whole explanation for a bug report, as GitHub-flavoured Markdown. */
export function explanationMarkdown(explanation: Explanation): string {
  const { messageId, route, dir, kind, priority, status, totalMs, parts, isOver, baud } = explanation
  const shown = explainedShares(
    totalMs,
    parts.map(({ ms }) => ms),
  )
  const facts = [
    `${kind}, ${dir === 'out' ? 'sent' : 'received'}, priority ${priority}, ${status}`,
    `${groupedNumber(explanation.wireBytes)} B on the wire in ${groupedNumber(explanation.frames)} ${explanation.frames === 1 ? 'frame' : 'frames'}`,
    ...(baud === null ? [] : [`${groupedNumber(baud)} baud`]),
  ]
  const title = `### Why \\#${messageId}${route === '' ? '' : ` ${plain(route)}`} ${isOver ? 'took' : 'has taken'} ${shown.total}${isOver ? '' : ' so far'}`
  const table = [
    '| Part | Time | Share |',
    '| --- | ---: | ---: |',
    ...parts.flatMap((part, index) => [
      `| ${PART_NAMES[part.name]} | ${shown.parts[index]!} | ${sharePercent(part.ms, totalMs)} |`,
      ...blockerLines(part, totalMs),
    ]),
    `| **Total** | **${shown.total}** | |`,
  ]
  const words = [explanation.sentence, explanation.suggestion, explanation.missing].filter(
    (text) => text !== '',
  )
  return [title, facts.join(' · '), table.join('\n'), words.map(plain).join(' ')]
    .filter((block) => block !== '')
    .join('\n\n')
    .replaceAll('\u00a0', ' ')
    .concat('\n')
}
