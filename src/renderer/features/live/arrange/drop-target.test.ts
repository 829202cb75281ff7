import { expect, test } from 'vitest'
import { groupOf, panesOf, placed, splitOf } from '../../../store/layout-tree'
import { dropped, dropTargetAt } from './drop-target'

const layout = splitOf('row', [groupOf('lanes', 'list'), groupOf('inspector')], [0.6, 0.4])

test('near a side a pane comes beside the other, in the middle onto it', () => {
  expect(dropTargetAt(layout, 'inspector', 0.05, 0.5)).toMatchObject({ other: 'lanes', at: 'left' })
  expect(dropTargetAt(layout, 'inspector', 0.3, 0.02)).toMatchObject({ other: 'lanes', at: 'above' })
  expect(dropTargetAt(layout, 'inspector', 0.3, 0.5)).toMatchObject({ other: 'lanes', at: 'tabs' })
  expect(dropTargetAt(layout, 'inspector', 0.3, 0.97)?.place).toEqual({
    left: 0,
    top: 0.5,
    width: 0.6,
    height: 0.5,
  })
})

test('over its own place nothing changes, but a tab can be pulled out of its group', () => {
  expect(dropTargetAt(layout, 'inspector', 0.8, 0.5)).toBeNull()
  expect(dropTargetAt(layout, 'lanes', 0.3, 0.5)).toBeNull()
  const pulled = dropTargetAt(layout, 'lanes', 0.3, 0.95)
  expect(pulled).toMatchObject({ other: 'list', at: 'below' })
  const after = dropped(layout, 'lanes', pulled!)
  expect([...panesOf(after)].sort()).toEqual(['inspector', 'lanes', 'list'])
  expect(placed(after).groups.every(({ group }) => group.panes.length === 1)).toBe(true)
})

test('outside of the page there is no place', () => {
  expect(dropTargetAt(layout, 'lanes', 1.2, 0.5)).toBeNull()
})
