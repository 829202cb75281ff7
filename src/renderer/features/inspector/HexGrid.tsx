import { type JSX, type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import type { BodySelection } from '../../store/inspect-slice'
import { hexColumnWidth, offsetDigits } from '../../ui/hex-lines'
import { clampOffset, offsetToShow, pageRows } from '../../ui/scaled-scroll'
import { useVirtualViewport } from '../../ui/use-virtual-viewport'
import { chunkNumber } from './chunk-starts'
import { inspectorTexts as t } from './texts'

const LINE_PX = 18

/** Bytes of a body, of which some may still be on their way. */
export interface ByteSource {
  readonly totalBytes: number
  /** Undefined while they are on their way. */
  read(offset: number, count: number): Uint8Array | undefined
}

interface HexGridProps {
  readonly source: ByteSource
  readonly perRow: 8 | 16
  readonly label: string
  readonly selection: BodySelection | null
  /** Where chunks begin, ascending; null where that is not known. */
  readonly starts: Float64Array | null
  readonly hue: number
  /** @param isExtending - The selection grows to this byte. */
  readonly onByte: (at: number, isExtending: boolean) => void
  readonly onCopy: (from: number, to: number) => void
}

/** Rows of bytes with offset and ASCII. Arrows move byte by byte, Shift or dragging selects, chunks begin at ticks. */
export function HexGrid(props: HexGridProps): JSX.Element {
  const { source, perRow, label, selection, starts, hue, onByte, onCopy } = props
  const { totalBytes } = source
  const [offset, setOffset] = useState(0)
  const [seen, setSeen] = useState<BodySelection | null>(null)
  const draggedTo = useRef(-1)
  const count = Math.ceil(totalBytes / perRow)
  const { ref, geometry, spacerPx, rows } = useVirtualViewport(count, LINE_PX, offset, setOffset)
  const digits = offsetDigits(totalBytes)

  // what is selected anywhere comes into view here, once
  if (selection !== seen && geometry.viewportPx > 0) {
    setSeen(selection)
    if (selection !== null) {
      const last = offsetToShow(Math.floor((selection.to - 1) / perRow), offset, geometry)
      const first = offsetToShow(Math.floor(selection.from / perRow), last, geometry)
      setOffset(offsetToShow(Math.floor(selection.cursor / perRow), first, geometry))
    }
  }

  const pressed = (event: KeyboardEvent): void => {
    const isCommand = event.ctrlKey || event.metaKey
    if (event.altKey) return
    if (isCommand && event.key.toLowerCase() === 'c' && selection !== null) {
      event.preventDefault()
      onCopy(selection.from, selection.to)
      return
    }
    const at = selection?.cursor ?? 0
    const next = nextByte(event.key, at, { perRow, totalBytes, isCommand, pageRows: pageRows(geometry) })
    if (next === undefined || totalBytes === 0) return
    event.preventDefault()
    event.stopPropagation()
    onByte(selection === null ? 0 : Math.min(Math.max(next, 0), totalBytes - 1), event.shiftKey)
  }

  const byteUnder = (event: PointerEvent): number | undefined => {
    const element = document.elementFromPoint(event.clientX, event.clientY)
    const at = element?.closest('[data-at]')?.getAttribute('data-at')
    return at === null || at === undefined ? undefined : Number(at)
  }
  const grabbed = (event: PointerEvent): void => {
    const at = event.button === 0 ? byteUnder(event) : undefined
    if (at === undefined) return
    draggedTo.current = at
    onByte(at, event.shiftKey)
  }
  const dragged = (event: PointerEvent): void => {
    if ((event.buttons & 1) === 0 || draggedTo.current < 0) return
    const at = byteUnder(event)
    if (at === undefined || at === draggedTo.current) return
    draggedTo.current = at
    onByte(at, true)
    setOffset(clampOffset(offsetToShow(Math.floor(at / perRow), offset, geometry), geometry))
  }

  const shown: JSX.Element[] = []
  for (let index = rows.first; index < rows.end; index++) {
    const at = index * perRow
    shown.push(
      <HexRow
        key={index}
        bytes={source.read(at, perRow)}
        at={at}
        digits={digits}
        perRow={perRow}
        selection={selection}
        starts={starts}
      />,
    )
  }
  return (
    <div
      ref={ref}
      className="vp scrolls code-lines hexgrid"
      data-hue={hue}
      tabIndex={0}
      role="application"
      aria-roledescription={t.hex.grid}
      aria-label={label}
      onKeyDown={pressed}
      onPointerDown={grabbed}
      onPointerMove={dragged}
      onPointerUp={() => {
        draggedTo.current = -1
      }}
    >
      <div className="vp-layer" style={{ height: geometry.viewportPx, marginBottom: -geometry.viewportPx }}>
        <div style={{ transform: `translateY(${rows.shiftPx}px)` }}>{shown}</div>
      </div>
      <div style={{ height: spacerPx }} />
    </div>
  )
}

interface Moves {
  readonly perRow: number
  readonly totalBytes: number
  readonly isCommand: boolean
  readonly pageRows: number
}

function nextByte(key: string, at: number, moves: Moves): number | undefined {
  const { perRow, totalBytes, isCommand, pageRows } = moves
  const rowStart = at - (at % perRow)
  switch (key) {
    case 'ArrowLeft':
      return at - 1
    case 'ArrowRight':
      return at + 1
    case 'ArrowUp':
      return at < perRow ? at : at - perRow
    case 'ArrowDown':
      return at + perRow >= totalBytes ? at : at + perRow
    case 'PageUp':
      return at - perRow * pageRows
    case 'PageDown':
      return at + perRow * pageRows
    case 'Home':
      return isCommand ? 0 : rowStart
    case 'End':
      return isCommand ? totalBytes - 1 : rowStart + perRow - 1
    default:
      return undefined
  }
}

export interface HexRowProps {
  /** Undefined while they are on their way. */
  readonly bytes: Uint8Array | undefined
  readonly at: number
  readonly digits: number
  readonly perRow: number
  readonly selection: Pick<BodySelection, 'from' | 'to' | 'cursor'> | null
  readonly starts: Float64Array | null
}

/** One row of bytes. Bytes that are selected in any view are lit, in both columns. */
export function HexRow({ bytes, at, digits, perRow, selection, starts }: HexRowProps): JSX.Element {
  const hex: JSX.Element[] = []
  const ascii: JSX.Element[] = []
  let label = ''
  for (const [index, byte] of (bytes ?? []).entries()) {
    const offset = at + index
    const isOn = selection !== null && offset >= selection.from && offset < selection.to
    const isCursor = selection?.cursor === offset
    const number = starts === null ? 0 : chunkNumber(starts, offset)
    const isStart = number > 0 && starts![number - 1] === offset
    if (isStart) label += `${label === '' ? '' : ' '}${number}`
    const classes = [isOn && 'on', isCursor && 'cur', isStart && 'tick'].filter(Boolean).join(' ')
    const gap = index === 8 ? 'hb gap' : 'hb'
    hex.push(
      <i key={index} data-at={offset} className={`${gap} ${classes}`}>
        {`${byte.toString(16).padStart(2, '0')} `}
      </i>,
    )
    ascii.push(
      <i key={index} data-at={offset} className={isOn ? 'hc on' : 'hc'}>
        {byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'}
      </i>,
    )
  }
  return (
    <div className="vline hexrow">
      <span className="o">{at.toString(16).padStart(digits, '0')}</span>
      <span className="hx" style={{ width: `${hexColumnWidth(perRow) + 2}ch` }}>
        {hex}
      </span>
      <span className="a">{ascii}</span>
      {label !== '' && <span className="ck">{t.hex.chunkStart(label)}</span>}
    </div>
  )
}
