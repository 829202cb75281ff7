import { type JSX, type ReactNode, useMemo } from 'react'
import { type BodyChange, type ByteChange, diffBytes, diffTrees } from '../../../shared/body/body-diff'
import type { BodyNode } from '../../../shared/body/body-types'
import { shortText } from '../../../shared/body/short-text'
import { valueText } from '../../../shared/body/value-text'
import { useApp } from '../../store/app-store'
import { VirtualLines } from '../../ui/VirtualLines'
import { revealLine } from '../../ui/visible-text'
import { bodyField } from './body-filter'
import { selectNode } from './body-select'
import { type DecodedThere, Note } from './DecodedBody'
import { hexOffset, spacedHex } from './HexTab'
import { inspectorTexts } from './texts'

const t = inspectorTexts.diff
const ROW_PX = 62
const MAX_CHANGES = 2000
const VALUE_CHARACTERS = 160
const SHOWN_BYTES = 48

interface DiffViewProps {
  readonly before: DecodedThere
  readonly after: DecodedThere
  readonly afterId: number
  /** What it is compared with: stands before the counts. */
  readonly lead: ReactNode
}

/** One entry of the list: what, where, and how it was and is. */
interface Entry {
  readonly kind: BodyChange['kind']
  readonly place: string
  readonly was: string | null
  readonly is: string | null
  readonly onSelect: () => void
}

/** The differences of two bodies: field by field where both decode, else byte by byte. */
export function DiffView({ before, after, afterId, lead }: DiffViewProps): JSX.Element {
  const isDecodable = isStructured(before) && isStructured(after)
  const entries = useMemo(
    () => (isDecodable ? fieldEntries(before, after, afterId) : byteEntries(before, after, afterId)),
    [isDecodable, before, after, afterId],
  )
  if (entries.length === 0) {
    const isSame = diffBytes(before.bytes, after.bytes, 1).every((change) => isEmpty(change))
    return (
      <>
        <p className="body-note line">{lead}</p>
        <Note>{isSame ? t.sameBytes : t.sameButBytes}</Note>
      </>
    )
  }
  const count = (kind: Entry['kind']): number => entries.filter((entry) => entry.kind === kind).length
  return (
    <>
      <p className="body-note line" role="status">
        {lead}
        {' · '}
        {entries.length >= MAX_CHANGES
          ? t.truncated(MAX_CHANGES)
          : t.counts(count('changed'), count('added'), count('removed'))}
        {!isDecodable && ` · ${t.byBytes}`}
      </p>
      <VirtualLines
        count={entries.length}
        rowPx={ROW_PX}
        label={t.list}
        className="diff-list"
        line={(index) => <EntryView entry={entries[index]!} />}
      />
    </>
  )
}

const isStructured = ({ tree }: DecodedThere): boolean => tree.format === 'json' || tree.format === 'msgpack'
const isEmpty = (change: ByteChange): boolean =>
  change.beforeFrom === change.beforeTo && change.afterFrom === change.afterTo

function EntryView({ entry }: { readonly entry: Entry }): JSX.Element {
  const { kind, place, was, is, onSelect } = entry
  return (
    <button type="button" className={`diff-entry ${kind}`} onClick={onSelect}>
      <span className="place">
        <b className="mono ell">{place}</b>
        <small>{t.kinds[kind]}</small>
      </span>
      {was !== null && <span className="was">{was}</span>}
      {is !== null && <span className="is">{is}</span>}
    </button>
  )
}

function fieldEntries(before: DecodedThere, after: DecodedThere, afterId: number): Entry[] {
  const { changes } = diffTrees(before.tree, after.tree, MAX_CHANGES)
  return changes.map(({ kind, path, before: was, after: is }) => ({
    kind,
    place: revealLine(bodyField(path)),
    was: was === null ? null : lineOf(was, before),
    is: is === null ? null : lineOf(is, after),
    onSelect: () => {
      if (is !== null) useApp.getState().bodySelected(selectNode(afterId, is, after.tree.format, 'diff'))
    },
  }))
}

const lineOf = (node: BodyNode, { tree, bytes }: DecodedThere): string =>
  revealLine(
    node.children === undefined
      ? valueText(node, tree.format, bytes, VALUE_CHARACTERS)
      : shortText(node, VALUE_CHARACTERS),
  )

function byteEntries(before: DecodedThere, after: DecodedThere, afterId: number): Entry[] {
  return diffBytes(before.bytes, after.bytes, MAX_CHANGES)
    .filter((change) => !isEmpty(change))
    .map(({ beforeFrom, beforeTo, afterFrom, afterTo }) => ({
      kind: beforeFrom === beforeTo ? 'added' : afterFrom === afterTo ? 'removed' : 'changed',
      place: hexOffset(afterFrom),
      was: hexLine(before.bytes, beforeFrom, beforeTo),
      is: hexLine(after.bytes, afterFrom, afterTo),
      onSelect: () => {
        if (afterFrom === afterTo) return
        const selection = { messageId: afterId, from: afterFrom, to: afterTo, cursor: afterFrom }
        useApp.getState().bodySelected({ ...selection, anchor: afterFrom, by: 'diff' })
      },
    }))
}

function hexLine(bytes: Uint8Array, from: number, to: number): string | null {
  if (from === to) return null
  const shown = spacedHex(bytes.subarray(from, Math.min(to, from + SHOWN_BYTES)))
  return to - from > SHOWN_BYTES ? `${shown} …` : shown
}
