import { formatDuration, groupDigits, plural } from '../ui/format'
import type { GutterLane } from './worker-protocol'

/** A span of time with as few digits as it needs: `900 ms`, `2 s`, `1.5 s`, `60 s`, `4 min`, `250 µs`. */
export function formatSpan(ms: number): string {
  const short = (value: number): string =>
    value >= 99.5 ? String(Math.round(value)) : String(Number(value.toPrecision(2)))
  if (ms < 0.9995) return `${short(ms * 1000)} µs`
  if (ms < 999.5) return `${short(ms)} ms`
  if (ms < 119_500) return `${short(ms / 1000)} s`
  if (ms < 7_170_000) return `${short(ms / 60_000)} min`
  return `${short(ms / 3_600_000)} h`
}

/** Every sentence and label of the pane. */
export const laneTexts = {
  pane: 'Lanes',
  colourMode: 'Colour of the chunks',
  axis: 'What the width means',
  axes: { time: 'Time', ordinal: 'Chunks' },
  chunksVisible: (chunks: number) => plural(chunks, 'chunk'),
  byteRanges: 'Bytes',
  byteRangesHint: 'Which bytes of the selected message were on the line when (B)',
  more: (below: number, above: number) =>
    above > 0 && below > 0
      ? `${above} above, ${below} below`
      : above > 0
        ? `${plural(above, 'lane')} above`
        : below > 0
          ? `${plural(below, 'lane')} below`
          : '',
  moreHint: (hidden: number) => `${plural(hidden, 'lane')} out of sight; ↑ and ↓ scroll`,
  modes: { stream: 'Stream', priority: 'Priority', type: 'Type' },
  legend: { wire: 'wire', queued: 'queued', blocked: 'blocked', down: 'link down' },
  legendButton: 'Legend',
  legendTitle: 'What the marks mean',
  legendFills: {
    wire: 'On the wire; fainter when sent, full when received',
    queued: 'Queued here, the line was free',
    blocked: 'Blocked: others had the line',
    down: 'Link down',
    kept: 'Not kept here any more',
  },
  legendMarks: [
    ['first', 'First chunk'],
    ['last', 'Last chunk'],
    ['done', 'Complete'],
    ['failed', 'Failed, timed out or cancelled'],
    ['retried', 'Bytes sent again'],
    ['fault', 'Damaged: checksum, sequence or length'],
    ['control', 'Frame without body'],
    ['merged', 'Several chunks drawn as one'],
    ['await', 'Waits for its answer'],
    ['answer', 'From request to answer (selection)'],
    ['marker', 'Marker or note; the chosen one is filled'],
    ['blocker', 'Held the line while the selection waited'],
  ] as const,
  priorities: ['0', '1–2', '3–4', '5–7'],
  kinds: { request: 'request', response: 'reply', event: 'event', bytes: 'bytes' },
  follow: 'Follow',
  followHint: 'Follow the newest chunks (End)',
  overview: 'Overview',
  overviewLabel: 'Visible range in the overview of everything kept',
  brush: (fromMs: number, spanMs: number) =>
    `${formatSpan(spanMs)} visible, beginning ${formatSpan(Math.max(0, fromMs))} after the oldest bytes`,
  line: 'Line',
  length: formatSpan,
  menu: 'Lanes',
  menuHint: 'Which lanes stand below, pins and markers',
  menuBytes: 'Byte ranges',
  menuTable: 'Table instead of the picture',
  menuShown: 'Lanes below the messages',
  menuPins: 'Pinned',
  menuNotes: 'Markers and notes',
  twin: 'Table',
  twinHint: 'What is in view as a table (Alt L)',
  unpin: (label: string) => `Unpin ${label}`,
  unpinLane: (label: string) => `Unpin the lane ${label}`,
  pinMessage: 'Pin the selected message',
  pinLane: 'Pin its lane',
  pinned: (label: string) => `${label} pinned at the top`,
  unpinned: (label: string) => `${label} no longer pinned`,
  tooManyPins: (most: number) => `At most ${most} pins: take one away first`,
  addMarker: 'Add a marker',
  note: 'Note',
  notePlaceholder: 'what happened here',
  save: 'Save',
  noMarker: 'No further marker',
  marked: (clock: string) => `Marker set at ${clock}`,
  noteRemoved: 'Marker removed',
  chosen: (kind: string, text: string, place: number, total: number, distance: string) =>
    `${kind} ${place} of ${total}${text === '' ? '' : `: ${text}`}${distance === '' ? '' : `, ${distance} from the one before`}`,
  help: 'Keys of the lanes',
  empty: 'Chunks show here as soon as something is on the line.',
  unsupported:
    'This browser cannot draw in the background (OffscreenCanvas is missing). The list shows the same messages.',
  canvas: (lanes: number, span: string, isFollowing: boolean) =>
    `Lanes: ${lanes} lanes, ${span} visible, ${isFollowing ? 'following' : 'standing still'}. ` +
    'The message list shows the same messages as text. Keys: W S zoom, A D move, Shift with left and right select ' +
    'a span, comma and dot step through chunks, F centre and F F fit the selection, brackets go to the other ' +
    'message of the exchange, O axis, B byte ranges, C colours, Home oldest, End newest, M marker, Shift M note, Alt ' +
    'comma and Alt dot go from marker to marker, P pins the selection, Alt L shows a table instead, Alt F1 all keys.',
  laneSentence: (lane: GutterLane) =>
    `${lane.isPinned ? 'pinned: ' : ''}${lane.label}${lane.kind === 'response' ? ' reply' : ''}, ${lane.dir === 'out' ? 'sent' : 'received'}, priority ${lane.priority}`,
  link: (linkId: number) => `Link ${linkId}`,
  card: {
    chunk: (ordinal: number | null, total: number | null) => {
      if (ordinal === null) return ''
      return total === null
        ? `chunk ${groupDigits(ordinal)}`
        : `${groupDigits(ordinal)} / ${groupDigits(total)}`
    },
    control: 'no body',
    line: 'Frame of the link',
    several: (count: number) => `${groupDigits(count)} chunks`,
    offset: 'Offset',
    size: 'Size',
    onTheWire: 'On the wire',
    gapBefore: 'Gap before',
    queued: 'Waited in queue',
    fault: 'damaged',
    repeated: 'repeated',
    bytes: (bytes: number) => `${groupDigits(bytes)} B`,
    sizes: (payload: number, overhead: number) => `${groupDigits(payload)} + ${groupDigits(overhead)} B`,
    duration: formatDuration,
    stepped: (name: string, place: string, facts: readonly string[]) => [name, place, ...facts].join(', '),
  },
} as const
