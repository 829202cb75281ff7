import type { JSX } from 'react'
import type { CacheRow } from '../../../shared/model/cache'
import { useSessionNow } from '../../store/use-session-now'
import { formatElapsed, groupDigits } from '../../ui/format'
import { Icon } from '../../ui/icons'
import { revealLine } from '../../ui/visible-text'
import { foldersAround } from './cache-store'
import { TimeLeft } from './TimeLeft'
import { cacheTexts as t } from './texts'

const INDENT_PX = 16

/** A folder of keys: how many, and how large together, while it is closed. */
export function FolderCells({ row }: { readonly row: CacheRow & { readonly kind: 'folder' } }): JSX.Element {
  return (
    <>
      <span role="gridcell" className="key" style={{ paddingLeft: row.depth * INDENT_PX }}>
        <span className={row.isOpen ? 'twist' : 'twist is-closed'} aria-hidden="true">
          <Icon name="down" />
        </span>
        <span className="ell t2">{row.name === '' ? t.noName : revealLine(row.name)}</span>
      </span>
      <span role="gridcell" className="t3">
        {row.isOpen ? '' : t.keys(row.keys)}
      </span>
      <span role="gridcell" className="num t2">
        {row.isOpen ? '' : groupDigits(row.bytes)}
      </span>
      <span role="gridcell" />
      <span role="gridcell" />
      <span role="gridcell" className="by" />
    </>
  )
}

interface EntryCellsProps {
  readonly row: CacheRow & { readonly kind: 'entry' }
  readonly isTree: boolean
  readonly isWatched: boolean
}

/** One entry. */
export function EntryCells({ row, isTree, isWatched }: EntryCellsProps): JSX.Element {
  const { key, type, bytes, hits, changedAtMs, setAtMs, livesFromMs, expiresAtMs, writer, messageId } =
    row.entry
  const name = isTree && row.depth > 0 ? key.slice(foldersAround(key)[row.depth - 1]?.length ?? 0) : key
  return (
    <>
      <span
        role="gridcell"
        className="key"
        style={{ paddingLeft: row.depth * INDENT_PX }}
        title={revealLine(key)}
      >
        <Flash key={changedAtMs} atMs={changedAtMs} />
        {isTree && <span className="twist none" />}
        <span className="ell">{name === '' ? t.noName : revealLine(name)}</span>
        {isWatched && (
          <span className="watched" role="img" aria-label={t.watched}>
            <Icon name="eye" small />
          </span>
        )}
      </span>
      <span role="gridcell" className="t3">
        {type}
      </span>
      <span role="gridcell" className="num t2">
        {groupDigits(bytes)}
      </span>
      {!isTree && (
        <span role="gridcell" className="num t2">
          <Age setAtMs={setAtMs} />
        </span>
      )}
      <span role="gridcell">
        <TimeLeft livesFromMs={livesFromMs} expiresAtMs={expiresAtMs} />
      </span>
      <span role="gridcell" className="num t2">
        {groupDigits(hits)}
      </span>
      <span role="gridcell" className="by t3" title={revealLine(writer)}>
        {messageId === null ? '' : `${t.message(messageId)} `}
        {revealLine(writer)}
      </span>
    </>
  )
}

function Age({ setAtMs }: { readonly setAtMs: number }): string {
  const nowMs = useSessionNow(1000, true)
  return formatElapsed(Math.floor(Math.max(0, nowMs - setAtMs) / 1000) * 1000)
}

const FLASH_MS = 1000

/** Lights up the row once when its entry has just changed. */
function Flash({ atMs }: { readonly atMs: number }): JSX.Element | null {
  const nowMs = useSessionNow(FLASH_MS, false)
  return nowMs - atMs < FLASH_MS ? <span className="flash" aria-hidden="true" /> : null
}
