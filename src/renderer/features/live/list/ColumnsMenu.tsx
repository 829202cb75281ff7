import { type JSX, useState } from 'react'
import { useApp } from '../../../store/app-store'
import {
  COLUMN_IDS,
  type Column,
  type ColumnId,
  fieldColumn,
  isField,
  MAX_FIELD_LENGTH,
  moved,
  resized,
  toggled,
  USUAL_COLUMNS,
} from '../../../store/list-columns'
import { DENSITIES } from '../../../store/list-view-slice'
import { Menu, type MenuItem, type ScreenPoint } from '../../../ui/Menu'
import { TextPrompt } from '../../../ui/TextPrompt'
import { fittedWidthPx } from './fit-column'
import { columnName } from './ListHeader'
import { listTexts as t } from './texts'

interface ColumnsMenuProps {
  readonly at: ScreenPoint
  readonly onTold: (words: string) => void
  readonly onClose: () => void
}

/** Which columns are shown, in which order, and how high the rows are. */
export function ColumnsMenu({ at, onTold, onClose }: ColumnsMenuProps): JSX.Element {
  const columns = useApp((s) => s.listColumns)
  const density = useApp((s) => s.density)
  const { columnsChanged, densityChosen } = useApp.getState()
  const [isAsking, setIsAsking] = useState(false)
  // shown ones first, in their order; then the others: moving one shows where it goes
  const shown = columns.map(({ id }) => id)
  const ids: ColumnId[] = [...shown, ...COLUMN_IDS.filter((id) => !shown.includes(id))]

  const move = (id: ColumnId, way: number): void => {
    const next = moved(columns, id, shown.indexOf(id) + way)
    columnsChanged(next)
    onTold(t.columnMoved(columnName(id), next.findIndex((column) => column.id === id) + 1, next.length))
  }
  const fitAll = (): void => {
    const grid = document.querySelector('.list-grid')
    const fitted = columns.reduce<readonly Column[]>((all, { id }, index) => {
      const px = index < columns.length - 1 ? fittedWidthPx(grid, id) : null
      return px === null ? all : resized(all, id, px)
    }, columns)
    columnsChanged(fitted)
  }
  if (isAsking) {
    return (
      <TextPrompt
        label={t.fieldLabel}
        at={at}
        initial=""
        placeholder={t.fieldPlaceholder}
        save={t.add}
        maxLength={MAX_FIELD_LENGTH}
        isMono
        onSave={(field) => {
          if (field !== '' && !shown.includes(fieldColumn(field)))
            columnsChanged(toggled(columns, fieldColumn(field)))
        }}
        onClose={onClose}
      />
    )
  }
  const columnItem = (id: ColumnId): MenuItem => ({
    key: id,
    label: columnName(id),
    isChecked: shown.includes(id),
    isDisabled: shown.length === 1 && shown[0] === id,
    staysOpen: true,
    ...(isField(id) && { icon: 'filter' as const }),
    run: () => columnsChanged(toggled(columns, id)),
  })
  return (
    <Menu
      label={t.columnsMenu}
      at={at}
      onClose={onClose}
      onKey={(event, key) => {
        const way = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
        if (way === 0 || !event.altKey || !shown.includes(key as ColumnId)) return false
        move(key as ColumnId, way)
        return true
      }}
      groups={[
        { label: `${t.columnsGroup} (${t.columnsHint})`, items: ids.map(columnItem) },
        {
          items: [
            { key: 'add', label: t.addField, icon: 'plus', staysOpen: true, run: () => setIsAsking(true) },
            { key: 'fit', label: t.fit, run: fitAll },
            { key: 'reset', label: t.reset, run: () => columnsChanged(USUAL_COLUMNS) },
          ],
        },
        {
          label: t.rowHeight,
          items: DENSITIES.map((choice) => ({
            key: choice,
            label: t.density[choice],
            isChecked: choice === density,
            isRadio: true,
            staysOpen: true,
            run: () => densityChosen(choice),
          })),
        },
      ]}
    />
  )
}
