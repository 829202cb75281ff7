import { type JSX, type KeyboardEvent, type PointerEvent, useMemo, useState } from 'react'
import type { BodyFormat, BodyNode } from '../../../shared/body/body-types'
import { shortText } from '../../../shared/body/short-text'
import { typeWord, valueText } from '../../../shared/body/value-text'
import { useApp } from '../../store/app-store'
import { Icon } from '../../ui/icons'
import { texts } from '../../ui/texts'
import { offsetToShow, pageRows } from '../../ui/scaled-scroll'
import { useVirtualViewport } from '../../ui/use-virtual-viewport'
import { isContainer } from '../../ui/json-rows'
import { revealLine } from '../../ui/visible-text'
import { selectNode } from './body-select'
import { inspectorTexts as t } from './texts'
import { isSmall, type TreeRow, treeRows } from './tree-rows'

const ROW_PX = 22
const VALUE_CHARACTERS = 200
const INDENT_PX = 14

interface TreeViewProps {
  readonly messageId: number
  readonly root: BodyNode
  readonly format: BodyFormat
  /** The bytes the tree was read from. */
  readonly body: Uint8Array
  /** From the root to the selected value. */
  readonly trail: readonly BodyNode[]
  readonly onCopy: (node: BodyNode) => void
  /** The list is to show messages with the same value, or without it. */
  readonly onFilter: (trail: readonly BodyNode[], isExcluded: boolean) => void
}

/** The values of a body as a tree of the WAI-ARIA kind; only rows on screen are drawn. */
export function TreeView({
  messageId,
  root,
  format,
  body,
  trail,
  onCopy,
  onFilter,
}: TreeViewProps): JSX.Element {
  const { bodySelected } = useApp.getState()
  /** Containers that are not as they were at first. */
  const [toggled, setToggled] = useState<ReadonlySet<BodyNode>>(new Set())
  const [offset, setOffset] = useState(0)
  const [seen, setSeen] = useState<BodyNode | undefined>()
  const startsOpen = useMemo(() => isSmall(root), [root])
  const isOpen = (node: BodyNode): boolean => toggled.has(node) !== startsOpen
  const opened = (nodes: readonly BodyNode[]): ReadonlySet<BodyNode> =>
    startsOpen
      ? new Set([...toggled].filter((node) => !nodes.includes(node)))
      : new Set([...toggled, ...nodes])
  const rows = useMemo(
    () => treeRows(root, (node) => toggled.has(node) !== startsOpen),
    [root, toggled, startsOpen],
  )
  const selected = trail.at(-1)
  const index = rows.findIndex(({ node }) => node === selected)
  const {
    ref,
    geometry,
    spacerPx,
    rows: visible,
  } = useVirtualViewport(rows.length, ROW_PX, offset, setOffset)

  // what is selected elsewhere is opened and scrolled to, once
  if (selected !== seen && geometry.viewportPx > 0) {
    const closed = trail.slice(1, -1).filter((node) => !isOpen(node))
    if (closed.length > 0) setToggled(opened(closed))
    else {
      setSeen(selected)
      if (index >= 0) setOffset(offsetToShow(index, offset, geometry))
    }
  }

  const select = (at: number): void => {
    const node = rows[at]?.node
    if (node === null || node === undefined) return
    bodySelected(selectNode(messageId, node, format, 'tree'))
    setOffset(offsetToShow(at, offset, geometry))
  }
  /** From the root to the value of a row. */
  const trailOf = (at: number): BodyNode[] => {
    const nodes: BodyNode[] = []
    for (let row = rows[at]; row !== undefined; row = rows[row.parent]) nodes.unshift(row.node ?? root)
    return nodes[0] === root ? nodes : [root, ...nodes]
  }
  const toggle = (node: BodyNode): void => {
    const next = new Set(toggled)
    if (!next.delete(node)) next.add(node)
    setToggled(next)
  }
  const pressed = (event: KeyboardEvent): void => {
    if (event.altKey) {
      if (event.key !== 'Enter' || selected === undefined) return
      event.preventDefault()
      event.stopPropagation()
      onFilter(trail, event.shiftKey)
      return
    }
    if (event.ctrlKey || event.metaKey) {
      if (event.key.toLowerCase() !== 'c' || selected === undefined) return
      event.preventDefault()
      onCopy(selected)
      return
    }
    const row = rows[index]
    const container = row !== undefined && row.node !== null && isContainer(row.node) ? row.node : undefined
    const page = pageRows(geometry)
    const steps: Record<string, () => void> = {
      ArrowDown: () => select(Math.min(rows.length - 1, index + 1)),
      ArrowUp: () => select(Math.max(0, index - 1)),
      PageDown: () => select(Math.min(rows.length - 1, index + page)),
      PageUp: () => select(Math.max(0, index - page)),
      Home: () => select(0),
      End: () => select(rows.length - 1),
      ArrowRight: () => {
        if (container === undefined) return
        if (isOpen(container)) select(index + 1)
        else toggle(container)
      },
      ArrowLeft: () => {
        if (container !== undefined && isOpen(container)) toggle(container)
        else if (row !== undefined && row.parent >= 0) select(row.parent)
      },
      Enter: () => {
        if (container !== undefined) toggle(container)
      },
      '*': () => {
        const siblings = rows.filter(({ parent }) => parent === row?.parent).flatMap(({ node }) => node ?? [])
        setToggled(opened(siblings.filter(isContainer)))
      },
    }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    event.stopPropagation()
    step()
  }

  const shown: JSX.Element[] = []
  for (let at = visible.first; at < visible.end; at++) {
    const row = rows[at]!
    shown.push(
      <Row
        key={at}
        id={`${messageId}-${at}`}
        row={row}
        format={format}
        body={body}
        isSelected={at === index}
        isOpen={row.node !== null && isContainer(row.node) ? isOpen(row.node) : null}
        onSelect={(event) => {
          if (event.altKey && row.node !== null) onFilter(trailOf(at), event.shiftKey)
          else select(at)
        }}
        onToggle={() => row.node !== null && toggle(row.node)}
      />,
    )
  }
  return (
    <div
      ref={ref}
      className="vp scrolls body-tree"
      role="tree"
      tabIndex={0}
      aria-label={texts.inspector.body}
      aria-activedescendant={index >= 0 ? `body-${messageId}-${index}` : undefined}
      onKeyDown={pressed}
    >
      <div
        className="vp-layer"
        role="presentation"
        style={{ height: geometry.viewportPx, marginBottom: -geometry.viewportPx }}
      >
        <div role="presentation" style={{ transform: `translateY(${visible.shiftPx}px)` }}>
          {shown}
        </div>
      </div>
      <div style={{ height: spacerPx }} />
    </div>
  )
}

interface RowProps {
  readonly id: string
  readonly row: TreeRow
  readonly format: BodyFormat
  readonly body: Uint8Array
  readonly isSelected: boolean
  /** Null where there is nothing to open. */
  readonly isOpen: boolean | null
  readonly onSelect: (event: PointerEvent) => void
  readonly onToggle: () => void
}

function Row(props: RowProps): JSX.Element {
  const { id, row, format, body, isSelected, isOpen, onSelect, onToggle } = props
  const { node, depth, position, setSize, more } = row
  return (
    // the keys of the tree are those of its container, which has the focus
    <div
      id={`body-${id}`}
      role="treeitem"
      aria-level={depth + 1}
      aria-setsize={setSize}
      aria-posinset={position}
      aria-selected={isSelected}
      aria-expanded={isOpen ?? undefined}
      className={isSelected ? 'tr is-selected' : 'tr'}
      onPointerDown={onSelect}
      onDoubleClick={onToggle}
    >
      <span style={{ width: depth * INDENT_PX }} className="ind" />
      <span
        className={isOpen === null ? 'twist none' : isOpen ? 'twist' : 'twist is-closed'}
        aria-hidden="true"
        onClick={onToggle}
      >
        <Icon name="down" small />
      </span>
      {node === null ? (
        <span className="t3">{t.more(more)}</span>
      ) : (
        <Value node={node} format={format} body={body} isOpen={isOpen === true} />
      )}
    </div>
  )
}

interface ValueProps {
  readonly node: BodyNode
  readonly format: BodyFormat
  readonly body: Uint8Array
  readonly isOpen: boolean
}

/** Name, value and type of one value on a line. */
export function Value({ node, format, body, isOpen }: ValueProps): JSX.Element {
  const count = (node.children?.length ?? 0) + (node.more ?? 0)
  const summary = node.kind === 'array' ? t.items(count) : t.fields(count)
  return (
    <>
      {node.key !== null && (
        <>
          <span className="j-key">{revealLine(String(node.key))}</span>
          <span className="j-punctuation">: </span>
        </>
      )}
      {node.children !== undefined ? (
        <span className="v t3">{isOpen ? summary : revealLine(shortText(node, VALUE_CHARACTERS))}</span>
      ) : (
        <span className={`v j-${node.kind}`}>
          {revealLine(valueText(node, format, body, VALUE_CHARACTERS))}
        </span>
      )}
      {node.note !== undefined && (
        <span className="note" title={node.note}>
          <Icon name="warn" small tone="warn" />
        </span>
      )}
      <span className="ty" title={node.note}>
        {typeWord(node, format, body)}
      </span>
    </>
  )
}
