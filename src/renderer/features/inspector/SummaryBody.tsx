import { type JSX, type KeyboardEvent, useMemo } from 'react'
import { pathOf } from '../../../shared/body/body-paths'
import type { BodyNode, BodyTree } from '../../../shared/body/body-types'
import { decodeVisibly } from '../../../shared/bytes'
import type { MessageDetail } from '../../../shared/model/views'
import { useApp } from '../../store/app-store'
import { formatBytes } from '../../ui/format'
import { offsetDigits } from '../../ui/hex-lines'
import { roving } from '../../ui/roving'
import { texts } from '../../ui/texts'
import { revealControls } from '../../ui/visible-text'
import { bodyField } from './body-filter'
import { selectedTrail, selectNode } from './body-select'
import { bodyAbsence } from './DecodedBody'
import { HexRow } from './HexGrid'
import { inspectorTexts } from './texts'
import { Value } from './TreeView'
import { treeOf } from './use-decoded'
import { useByteSelect, useSelection } from './use-selection'

const GLANCE_VALUES = 8
const GLANCE_TEXT_LINES = 10
const GLANCE_HEX_ROWS = 6
const HEX_PER_ROW = 8
const MAX_LINE_CHARACTERS = 400
const t = texts.inspector

/** The first values of the body and its bytes: what is selected in one is lit in the other. */
export function SummaryBody({ detail }: { readonly detail: MessageDetail }): JSX.Element {
  const absence = bodyAbsence(detail)
  if (absence !== undefined) {
    return (
      <section className="sec">
        <h3>{t.body}</h3>
        <p className="t3">{absence}</p>
      </section>
    )
  }
  const tree = treeOf(detail.body, detail.body.length < detail.doneBytes)
  return (
    <>
      <Glance detail={detail} tree={tree} />
      <BytesSection detail={detail} tree={tree} />
    </>
  )
}

interface PartProps {
  readonly detail: MessageDetail
  readonly tree: BodyTree
}

function Glance({ detail, tree }: PartProps): JSX.Element | null {
  const { inspectorTabChosen } = useApp.getState()
  const { root } = tree
  const isText = tree.format === 'text'
  const lines = useMemo(() => (isText ? textLines(detail.body) : []), [isText, detail.body])
  if (root === null) return null
  const values = root.children === undefined ? [root] : root.children
  const count = isText ? lines.length : (root.children?.length ?? 1) + (root.more ?? 0)
  const more = count - Math.min(count, isText ? GLANCE_TEXT_LINES : GLANCE_VALUES)
  return (
    <section className="sec">
      <h3>
        {t.body}
        <span className="r">{inspectorTexts.formats[tree.format]}</span>
      </h3>
      {isText ? (
        <div className="tree selectable">
          {lines.slice(0, GLANCE_TEXT_LINES).map((line, index) => (
            <div className="line" key={index}>
              {line === '' ? '\u00a0' : line}
            </div>
          ))}
        </div>
      ) : (
        <Values detail={detail} tree={tree} values={values.slice(0, GLANCE_VALUES)} />
      )}
      {more > 0 && (
        <button
          type="button"
          className="textlink t3"
          onClick={() => inspectorTabChosen(isText ? 'text' : 'tree')}
        >
          {isText ? t.linesMore(more) : inspectorTexts.moreInTree(more)}
        </button>
      )}
    </section>
  )
}

const textLines = (body: Uint8Array): string[] =>
  revealControls(decodeVisibly(body).text)
    .split('\n')
    .map((line) => line.slice(0, MAX_LINE_CHARACTERS))

interface ValuesProps extends PartProps {
  readonly values: readonly BodyNode[]
}

/** Values as a list to choose from: the bytes of the chosen one are lit below. */
function Values({ detail, tree, values }: ValuesProps): JSX.Element {
  const trail = selectedTrail(tree, useSelection(detail.id))
  const chosen = values.findIndex((node) => trail.includes(node))
  const choose = (index: number): void =>
    useApp.getState().bodySelected(selectNode(detail.id, values[index]!, tree.format, 'summary'))
  const pressed = (event: KeyboardEvent): void => {
    const index = roving(event.key, chosen, values.length)
    if (index === undefined) return
    event.preventDefault()
    event.stopPropagation()
    choose(index)
  }
  return (
    <div
      className="body-tree glance"
      role="listbox"
      aria-label={t.body}
      tabIndex={0}
      aria-activedescendant={chosen >= 0 ? `glance-${chosen}` : undefined}
      onKeyDown={pressed}
    >
      {values.map((node, index) => (
        <div
          key={index}
          id={`glance-${index}`}
          role="option"
          aria-selected={index === chosen}
          className={index === chosen ? 'tr is-selected' : 'tr'}
          onClick={() => choose(index)}
        >
          <Value node={node} format={tree.format} body={detail.body} isOpen={false} />
        </div>
      ))}
    </div>
  )
}

function BytesSection({ detail, tree }: PartProps): JSX.Element {
  const selection = useSelection(detail.id)
  const select = useByteSelect(detail.id, tree)
  const name = pathOf(selectedTrail(tree, selection))
  const rows = Math.ceil(detail.body.length / HEX_PER_ROW)
  // a row before what is selected, so that one sees where it begins
  const wanted = selection === null ? 0 : Math.floor(selection.from / HEX_PER_ROW) - 1
  const first = Math.max(0, Math.min(wanted, rows - GLANCE_HEX_ROWS))
  const shown = Math.min(GLANCE_HEX_ROWS, rows - first)
  const shownBytes = Math.min(detail.body.length, shown * HEX_PER_ROW)
  return (
    <section className="sec">
      <h3>
        {t.bytes}
        <span className="r">
          {selection === null
            ? first === 0
              ? t.bytesOf(shownBytes, detail.doneBytes)
              : formatBytes(detail.doneBytes)
            : inspectorTexts.selectedBytes(
                name.length === 0 ? '' : bodyField(name),
                selection.from,
                selection.to - selection.from,
              )}
        </span>
      </h3>
      <div
        className="hex hex-block"
        onClick={(event) => {
          const byte = (event.target as HTMLElement).closest('[data-at]')
          if (byte !== null) select(Number(byte.getAttribute('data-at')), event.shiftKey)
        }}
      >
        {Array.from({ length: shown }, (_, index) => {
          const at = (first + index) * HEX_PER_ROW
          return (
            <HexRow
              key={at}
              bytes={detail.body.subarray(at, at + HEX_PER_ROW)}
              at={at}
              digits={offsetDigits(detail.doneBytes)}
              perRow={HEX_PER_ROW}
              selection={selection}
              starts={null}
            />
          )
        })}
      </div>
    </section>
  )
}
