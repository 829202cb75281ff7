import { type JSX, useMemo } from 'react'
import { pathOf } from '../../../shared/body/body-paths'
import type { BodyTree } from '../../../shared/body/body-types'
import { toHex } from '../../../shared/bytes'
import type { MessageDetail } from '../../../shared/model/views'
import { useApp } from '../../store/app-store'
import { texts } from '../../ui/texts'
import { revealLine } from '../../ui/visible-text'
import { selectedTrail } from './body-select'
import { bodyField } from './body-filter'
import { chunkNumber, chunkStarts } from './chunk-starts'
import { DataInspector } from './DataInspector'
import { bodyAbsence, Note } from './DecodedBody'
import { HexGrid } from './HexGrid'
import { HexSearch } from './HexSearch'
import { inspectorTexts as t } from './texts'
import { useBodySource } from './use-body'
import { useChunks } from './use-chunks'
import { useColumns } from './use-columns'
import { useCopy } from './use-copy'
import { useDecoded } from './use-decoded'
import { useByteSelect, useSelection } from './use-selection'

/** Every byte of the body, page by page, with what it means as a number and where chunks begin. */
export function HexTab({ detail }: { readonly detail: MessageDetail }): JSX.Element {
  const absence = bodyAbsence(detail)
  return absence === undefined ? <HexView detail={detail} /> : <Note>{absence}</Note>
}

function HexView({ detail }: { readonly detail: MessageDetail }): JSX.Element {
  const source = useBodySource(detail)
  const decoded = useDecoded(detail)
  const tree = decoded.kind === 'there' ? decoded.tree : null
  const selection = useSelection(detail.id)
  const select = useByteSelect(detail.id, tree)
  const { perRow, ref } = useColumns()
  const chunks = useChunks(detail)
  const starts = useMemo(() => (chunks === null ? null : chunkStarts(chunks.bodyOffsets)), [chunks])
  const [said, copy] = useCopy()
  const { bodySelected } = useApp.getState()
  const isPart = detail.keptBytes < detail.doneBytes
  return (
    <>
      {isPart && (
        <p className="body-note line">{texts.inspector.partKept(detail.keptBytes, detail.doneBytes)}</p>
      )}
      <HexSearch
        source={source}
        from={selection?.cursor ?? -1}
        onFound={(from, to) =>
          bodySelected({ messageId: detail.id, from, to, cursor: from, anchor: from, by: 'hex' })
        }
      />
      <div ref={ref} className="insp-panel hex">
        <HexGrid
          source={source}
          perRow={perRow}
          label={t.hex.grid}
          selection={selection}
          starts={starts}
          hue={detail.hue}
          onByte={select}
          onCopy={(from, to) => copy(source.readRange(from, to - from).then(spacedHex))}
        />
      </div>
      <p className="hex-place" role="status">
        {said !== '' ? (
          said
        ) : selection === null ? (
          <span className="t3">
            {starts === null ? t.hex.none : t.hex.overhead(starts.length, detail.overheadBytes)}
          </span>
        ) : (
          <>
            <span className="num">
              {t.hex.range(
                hexOffset(selection.from),
                hexOffset(selection.to - 1),
                selection.to - selection.from,
              )}
            </span>
            {starts !== null && chunkNumber(starts, selection.cursor) > 0 && (
              <span className="t3">{t.hex.chunk(chunkNumber(starts, selection.cursor), starts.length)}</span>
            )}
            <span className="mono ell grow">{placeName(tree, selection)}</span>
          </>
        )}
      </p>
      {selection !== null && <DataInspector source={source} at={selection.cursor} />}
    </>
  )
}

export const hexOffset = (at: number): string => `0x${at.toString(16).padStart(4, '0')}`

export const spacedHex = (bytes: Uint8Array): string => toHex(bytes).replace(/..(?=.)/g, '$& ')

/** Where in the decoded body the selection lies; empty when it is in no value. */
function placeName(tree: BodyTree | null, selection: Parameters<typeof selectedTrail>[1]): string {
  if (tree === null) return ''
  const path = pathOf(selectedTrail(tree, selection))
  return path.length === 0 ? '' : revealLine(bodyField(path))
}
