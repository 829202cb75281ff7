import { type JSX, useMemo } from 'react'
import { pathOf } from '../../../shared/body/body-paths'
import type { BodyNode } from '../../../shared/body/body-types'
import { valueText } from '../../../shared/body/value-text'
import { shortText } from '../../../shared/body/short-text'
import type { MessageDetail } from '../../../shared/model/views'
import { useApp } from '../../store/app-store'
import { fieldColumn, MAX_FIELDS, toggled } from '../../store/list-columns'
import { Icon, type IconName } from '../../ui/icons'
import { revealLine } from '../../ui/visible-text'
import { bodyField, bodyFilter } from './body-filter'
import { selectedTrail } from './body-select'
import { chunkStarts } from './chunk-starts'
import { DecodedBody, type DecodedThere, Note, OpenHex } from './DecodedBody'
import { HexGrid } from './HexGrid'
import { spacedHex } from './HexTab'
import { inspectorTexts as t } from './texts'
import { TreeView } from './TreeView'
import { useBodySource } from './use-body'
import { useChunks } from './use-chunks'
import { useColumns } from './use-columns'
import { useCopy } from './use-copy'
import { useByteSelect, useSelection } from './use-selection'

const MAX_COPIED_CHARACTERS = 1_000_000

/** The decoded body value by value, with the bytes of the selected one below. */
export function TreeTab({ detail }: { readonly detail: MessageDetail }): JSX.Element {
  return (
    <DecodedBody detail={detail}>{(decoded) => <TreePane detail={detail} decoded={decoded} />}</DecodedBody>
  )
}

interface TreePaneProps {
  readonly detail: MessageDetail
  readonly decoded: DecodedThere
}

function TreePane({ detail, decoded }: TreePaneProps): JSX.Element {
  const { tree, bytes } = decoded
  const [said, copy] = useCopy()
  const selection = useSelection(detail.id)
  const trail = useMemo(() => selectedTrail(tree, selection), [tree, selection])
  if (tree.root === null) {
    return (
      <Note>
        {tree.problem ?? t.notDecoded} <OpenHex />
      </Note>
    )
  }
  const copyValue = (node: BodyNode): void => copy(copiedValue(node, decoded))
  const { filterNarrowed } = useApp.getState()
  const filterOn = (nodes: readonly BodyNode[], isExcluded: boolean): void => {
    const node = nodes.at(-1)
    if (node !== undefined) filterNarrowed(bodyFilter(pathOf(nodes), node), isExcluded)
  }
  return (
    <>
      {tree.problem !== null && (
        <div className="body-note line" role="status">
          {tree.problem} <OpenHex />
        </div>
      )}
      <TreeActions trail={trail} said={said} onCopy={copy} onCopyValue={copyValue} onFilter={filterOn} />
      <TreeView
        messageId={detail.id}
        root={tree.root}
        format={tree.format}
        body={bytes}
        trail={trail}
        onCopy={copyValue}
        onFilter={filterOn}
      />
      <Bytes detail={detail} decoded={decoded} onCopy={copy} />
    </>
  )
}

/** Text as the text it is, everything else in the notation of JSON. */
function copiedValue(node: BodyNode, { tree, bytes }: DecodedThere): string {
  if (typeof node.scalar === 'string') return node.scalar
  if (node.children === undefined) return valueText(node, tree.format, bytes)
  if (tree.format === 'json') return new TextDecoder().decode(bytes.subarray(node.valueFrom, node.to))
  return shortText(node, MAX_COPIED_CHARACTERS)
}

interface TreeActionsProps {
  readonly trail: readonly BodyNode[]
  readonly said: string
  readonly onCopy: (text: string, done?: string) => void
  readonly onCopyValue: (node: BodyNode) => void
  readonly onFilter: (trail: readonly BodyNode[], isExcluded: boolean) => void
}

function TreeActions({ trail, said, onCopy, onCopyValue, onFilter }: TreeActionsProps): JSX.Element {
  const fields = useApp((s) => s.listFields)
  const { columnsChanged } = useApp.getState()
  const node = trail.at(-1)
  const path = pathOf(trail)
  const field = bodyField(path)
  const isColumn = fields.includes(field)
  const asColumn = (): void => {
    columnsChanged(toggled(useApp.getState().listColumns, fieldColumn(field)))
    onCopy(field, t.columnAdded(field))
  }
  const action = (icon: IconName, label: string, run: () => void, isOff = false): JSX.Element => (
    <button
      type="button"
      className="btn ghost sm sq"
      title={label}
      aria-label={label}
      disabled={node === undefined || isOff}
      onClick={run}
    >
      <Icon name={icon} />
    </button>
  )
  return (
    <div className="body-bar">
      <span
        className="mono ell grow"
        role="status"
        title={node === undefined ? undefined : revealLine(field)}
      >
        {said !== '' ? (
          said
        ) : node === undefined ? (
          <span className="t3">{t.selectFirst}</span>
        ) : path.length === 0 ? (
          t.wholeBody
        ) : (
          revealLine(field)
        )}
      </span>
      {action('reply', t.copyPath, () => onCopy(field))}
      {action('copy', t.copyValue, () => onCopyValue(node!))}
      {action('edit', t.copyFilter, () => onCopy(bodyFilter(path, node!)))}
      {action('filter', t.filterOn, () => onFilter(trail, false))}
      {action(
        'columns',
        isColumn ? t.columnThere : t.addColumn,
        asColumn,
        isColumn || path.length === 0 || fields.length >= MAX_FIELDS,
      )}
    </div>
  )
}

interface BytesProps extends TreePaneProps {
  readonly onCopy: (text: Promise<string>) => void
}

/** The bytes behind the tree: what is selected above is lit here, and a byte clicked here is selected above. */
function Bytes({ detail, decoded, onCopy }: BytesProps): JSX.Element {
  const source = useBodySource(detail)
  const selection = useSelection(detail.id)
  const select = useByteSelect(detail.id, decoded.tree)
  const { perRow, ref } = useColumns()
  const chunks = useChunks(detail)
  const starts = useMemo(() => (chunks === null ? null : chunkStarts(chunks.bodyOffsets)), [chunks])
  return (
    <div ref={ref} className="tree-bytes hex">
      <HexGrid
        source={source}
        perRow={perRow}
        label={t.hex.grid}
        selection={selection}
        starts={starts}
        hue={detail.hue}
        onByte={select}
        onCopy={(from, to) => onCopy(source.readRange(from, to - from).then(spacedHex))}
      />
    </div>
  )
}
