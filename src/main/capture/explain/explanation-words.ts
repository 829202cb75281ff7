import type {
  Explanation,
  ExplanationPart,
  ExplanationPartName,
  ExplainedBlocker,
} from '../../../shared/model/explanation'
import { explainedMs, groupedNumber } from '../../../shared/model/explanation-numbers'
import { type LineRate, wireMs } from '../../../shared/model/line-rate'
import { urgentBoundMs } from '../../../shared/model/urgent-bound'
import { MIN_WRITE_AHEAD_MS } from '../../link/pacer'

type Known = Omit<Explanation, 'main' | 'sentence' | 'suggestion' | 'missing' | 'lanes'>
/**
 * How messages share a line: one whole frame after the other; by chunks; or by fragments whose size each end chooses, and
 * most choose none.
 */
export type TurnTaking = 'none' | 'chunks' | 'fragments'

export type ExplanationWords = Pick<Explanation, 'main' | 'sentence' | 'suggestion' | 'missing'>

/** Something can be done about these. */
const AVOIDABLE: readonly ExplanationPartName[] = [
  'link-down',
  'session',
  'queued',
  'blocked',
  'repeated',
  'answer-blocked',
]
/** Below this share of the whole, an avoidable part is not worth a sentence. */
const WORTH_SHARE = 0.05
/** Smaller pieces carry mostly their own heads. */
const CHUNK_SIZES = [4096, 2048, 1024, 512, 256, 128, 64] as const
const BAUDS = [9600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600, 3_000_000] as const
/** What is suggested has to be better by this factor. */
const WORTHWHILE = 0.8

/** One sentence about what matters most, and what would have helped where that can be computed. */
export function explanationWords(
  known: Known,
  given: { readonly goneMs: number; readonly rate: LineRate | null; readonly turns: TurnTaking },
): ExplanationWords {
  const main = mainPart(known)
  return {
    main: main?.name ?? null,
    sentence: main === undefined ? nothingYet(known) : sentenceOf(known, main),
    suggestion: main === undefined ? '' : suggestion(known, main, given),
    missing: missingOf(known, given.goneMs),
  }
}

function suggestion(
  known: Known,
  main: ExplanationPart,
  { rate, turns }: { readonly rate: LineRate | null; readonly turns: TurnTaking },
): string {
  const isBlocked = main.name === 'blocked' || main.name === 'answer-blocked'
  const isLong = known.wireBytes > LONG_FRAME_BYTES * Math.max(1, known.frames)
  if (turns === 'fragments') {
    if (isBlocked && longestFrame(main) > LONG_FRAME_BYTES) return longFragment(longestFrame(main))
    if (isLong && (main.name === 'wire' || main.name === 'overhead'))
      return longFragment(known.wireBytes / known.frames)
  }
  if (turns !== 'none') return rate === null ? '' : suggestionOf(known, main, rate)
  if (isBlocked) return WHOLE_FRAMES
  return isLong ? `${HELD_THE_LINE} ${known.dir === 'in' ? 'came' : 'left'} meanwhile.` : ''
}

/** A frame that others notice where they cannot pass it: longer than a fragment of ours with its head. */
const LONG_FRAME_BYTES = 66 * 1024
/** Socket.D (socketd.md §5): its programs cut above 16 MiB only, so that a small request waits for the whole transfer (§10). */
const longFragment = (bytes: number): string =>
  `A fragment of ${bytesOf(Math.round(bytes))} held the line, and nothing passes within one. Programs with Socket.D cut above 16 MiB only unless they are told a fragment size; in fragments of 64 KiB, which is ours, small messages pass in between.`
const WHOLE_FRAMES =
  'This protocol does not interleave: however urgent a message is, it waits until the frame before it has passed. Smaller messages would have let it through.'
const HELD_THE_LINE =
  'This protocol does not interleave: the message was one frame, and nothing else of this direction'

function mainPart({ parts, totalMs }: Known): ExplanationPart | undefined {
  const longest = (some: readonly ExplanationPart[]): ExplanationPart | undefined =>
    some.reduce<ExplanationPart | undefined>(
      (best, part) => (best && best.ms >= part.ms ? best : part),
      undefined,
    )
  const avoidable = longest(parts.filter(({ name }) => AVOIDABLE.includes(name)))
  return avoidable !== undefined && avoidable.ms >= WORTH_SHARE * totalMs ? avoidable : longest(parts)
}

const nothingYet = ({ isOver }: Known): string =>
  isOver ? 'It took no time that could be measured.' : 'It has only just begun.'

function sentenceOf(known: Known, part: ExplanationPart): string {
  const { isOver, kind, dir } = known
  const time = explainedMs(part.ms, known.totalMs)
  const so = isOver ? '' : ' so far'
  switch (part.name) {
    case 'link-down':
      return `For ${time}${so} there was no connection.`
    case 'session':
      return `For ${time}${so} the link stood but the peer was not ready or silent.`
    case 'queued':
      return known.isLineTimed
        ? `It waited ${time}${so} here while nothing was on the line.`
        : `It waited ${time}${so} here before it was handed to the system.`
    case 'blocked':
      return `${dir === 'in' ? 'While it came in, it gave way to' : isOver ? 'Waited for' : 'Is waiting for'} ${blockersText(part, known)}.`
    case 'answer-blocked':
      return `Its answer gave way to ${blockersText(part, known)}.`
    case 'wire':
    case 'overhead': {
      const wire = msOf(known, 'wire') + msOf(known, 'overhead')
      return `Most of its time it was on the line: ${bytesOf(known.wireBytes)} in ${frames(known.frames)} = ${explainedMs(wire, known.totalMs)}${atBaud(known)}.`
    }
    case 'repeated':
      return `Its frames got lost and were on the line again for ${time}${so}.`
    case 'peer':
      if (kind === 'request' && dir === 'out') {
        if (isOver) return `The peer and the way there and back took ${time}.`
        // A subscription is not over with its first answer.
        return known.parts.some(({ name }) => name === 'answer-wire')
          ? `It is out and was answered, and more answers may come; the peer and the way took ${time} so far.`
          : `It is out; for ${time} nothing of an answer has come.`
      }
      return dir === 'in'
        ? `For ${time}${so} the peer sent nothing of it, and nobody else was on the line.`
        : `${time} passed until the peer confirmed it.`
    case 'answer-wire':
      return `The answer was on the line for ${time}${so}.`
    case 'decode':
      return `From its last byte to the moment it was told, ${time} passed here.`
    case 'unknown':
      return `Where ${time} went is not known.`
  }
}

/** `one 260-byte chunk of fw.write (#1, priority 7) = 22.6 ms at 115 200 baud`. */
function blockersText(part: ExplanationPart, known: Known): string {
  const [first, ...more] = part.blockers
  if (first === undefined) return `others for ${explainedMs(part.ms, known.totalMs)}`
  const others = more.length + (part.others?.messages ?? 0)
  const tail = others === 0 ? '' : ` and ${others} more`
  const { frames: count, ms } = others === 0 ? first : { frames: 0, ms: part.ms }
  const end = `${tail} = ${explainedMs(ms, known.totalMs)}${atBaud(known)}`
  const who = nameOf(first)
  if (count === 1) {
    const isWhole = first.bytes >= first.frameBytes - 1
    return `${isWhole ? 'one' : 'the rest of one'} ${groupedNumber(first.frameBytes)}-byte chunk of ${who}${end}`
  }
  return `${chunks(first.frames)} of ${who}, ${bytesOf(first.bytes)},${end}`.replace(',\u0020=', ' =')
}

const nameOf = ({ messageId, route, priority }: ExplainedBlocker): string =>
  messageId === 0
    ? 'no message (confirmations)'
    : `${route === '' ? 'a message' : route} (#${messageId}${priority === null ? '' : `, priority ${priority}`})`

/** What would have been better, by numbers; empty when nothing is, or nobody can tell. */
function suggestionOf(known: Known, part: ExplanationPart, rate: LineRate): string {
  switch (part.name) {
    case 'blocked':
      return (
        (known.dir === 'out' ? (byPriority(known, part, rate) ?? byChunks(known, part, rate)) : undefined) ??
        byBaud(known, 'the wait', part.ms, rate) ??
        ''
      )
    case 'answer-blocked':
      return byBaud(known, 'that wait', part.ms, rate) ?? ''
    case 'wire':
    case 'overhead':
      return byBaud(known, 'that', msOf(known, 'wire') + msOf(known, 'overhead'), rate) ?? ''
    case 'answer-wire':
      return byBaud(known, 'that', part.ms, rate) ?? ''
    default:
      return ''
  }
}

/** Where messages of its class or more urgent ones were in the way, a more urgent class would have gone first. */
function byPriority(known: Known, part: ExplanationPart, rate: LineRate): string | undefined {
  const equals = part.blockers.filter((blocker) => !isLessUrgent(blocker, known))
  if (msIn(equals) * 2 < part.ms) return undefined
  const priority = Math.min(...equals.map((blocker) => blocker.priority ?? 0)) - 1
  if (priority < 0) return undefined
  const boundMs = longestWaitMs(longestFrame(part), rate) + (part.others?.ms ?? 0)
  if (boundMs > WORTHWHILE * part.ms) return undefined
  return `Priority ${priority} would have cut in after one chunk: the wait would have been at most ${explainedMs(boundMs, known.totalMs)}.`
}

/** Less urgent messages only hold the line for the chunks that were handed over: those can be smaller. Others it had to wait for. */
function byChunks(known: Known, part: ExplanationPart, rate: LineRate): string | undefined {
  const restMs = msIn(part.blockers.filter((each) => !isLessUrgent(each, known))) + (part.others?.ms ?? 0)
  const longest = longestFrame(part)
  for (const size of CHUNK_SIZES) {
    const boundMs = longestWaitMs(size + CHUNK_HEAD_BYTES, rate) + restMs
    if (size * 2 > longest || boundMs > WORTHWHILE * part.ms) continue
    return `With ${size}-byte chunks the wait would have been at most ${explainedMs(boundMs, known.totalMs)}.`
  }
  return undefined
}

const isLessUrgent = ({ priority }: ExplainedBlocker, known: Known): boolean =>
  priority !== null && priority > known.priority
const msIn = (blockers: readonly ExplainedBlocker[]): number => blockers.reduce((sum, { ms }) => sum + ms, 0)
const longestFrame = ({ blockers }: ExplanationPart): number =>
  Math.max(0, ...blockers.map(({ frameBytes }) => frameBytes))

function byBaud(known: Known, what: string, ms: number, rate: LineRate): string | undefined {
  const baud = BAUDS.find((each) => each >= 8 * rate.baud) ?? BAUDS.find((each) => each > rate.baud)
  if (baud === undefined) return undefined
  const atMs = (ms * rate.baud) / baud
  return `At ${groupedNumber(baud)} baud ${what} would have been ${explainedMs(atMs, known.totalMs)}.`
}

/** The longest head of a chunk among our dialects (`lso`). */
const CHUNK_HEAD_BYTES = 47

/** How long a message of the most urgent class waits at most for frames of this length: what is written ahead is two of them, or 10 ms. */
function longestWaitMs(frameBytes: number, rate: LineRate): number {
  const aheadMs = Math.max(MIN_WRITE_AHEAD_MS - wireMs(frameBytes, rate), wireMs(frameBytes, rate))
  const aheadBytes = Math.ceil(aheadMs / wireMs(1, rate))
  return urgentBoundMs({ aheadBytes, chunkBytes: frameBytes, frameOverheadBytes: 0, messageBytes: 0 }, rate)
}

function missingOf({ isLineTimed, isOver, frames: count, dir, parts }: Known, goneMs: number): string {
  if (goneMs > 0) {
    return `The chunks of the first ${explainedMs(goneMs)} went to make room: where that time went is not known any more.`
  }
  if (!isLineTimed && count > 0) {
    return 'Nobody sees when bytes of a socket are on the line: waiting there, and the way, count as the peer’s time.'
  }
  if (isOver && dir === 'out' && parts.some(({ name }) => name === 'unknown')) {
    return 'Nothing ever came back: it was lost there, at the peer, or on the way back.'
  }
  return ''
}

const msOf = ({ parts }: Known, name: ExplanationPartName): number =>
  parts.find((part) => part.name === name)?.ms ?? 0
const atBaud = ({ baud }: Known): string => (baud === null ? '' : ` at ${groupedNumber(baud)} baud`)
const bytesOf = (bytes: number): string => `${groupedNumber(bytes)}\u00a0B`
const frames = (count: number): string => `${groupedNumber(count)} ${count === 1 ? 'frame' : 'frames'}`
const chunks = (count: number): string => `${groupedNumber(count)} ${count === 1 ? 'chunk' : 'chunks'}`
