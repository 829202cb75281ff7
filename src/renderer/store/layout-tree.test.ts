import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LAYOUT_PANES, type LayoutNode } from '../../shared/model/layout'
import {
  groupOf,
  MIN_SHARE,
  moved,
  movedBeside,
  movedInto,
  movedToEdge,
  neighbourOf,
  panesOf,
  placed,
  resized,
  splitOf,
  withPane,
  without,
} from './layout-tree'

const usual: LayoutNode = splitOf(
  'row',
  [
    splitOf('column', [groupOf('lanes'), groupOf('list'), groupOf('composer')], [0.45, 0.4, 0.15]),
    groupOf('inspector'),
  ],
  [0.75, 0.25],
)

describe('a layout', () => {
  test('places its panes without gaps', () => {
    const { groups, splitters } = placed(usual)
    expect(groups.map(({ group }) => group.active)).toEqual(['lanes', 'list', 'composer', 'inspector'])
    expect(groups.reduce((area, { place }) => area + place.width * place.height, 0)).toBeCloseTo(1)
    expect(splitters).toHaveLength(3)
  })

  test('a pane moves past its neighbour, and along the whole page at its edge', () => {
    expect(neighbourOf(usual, 'inspector', 'left')).toBe('lanes')
    expect(neighbourOf(usual, 'lanes', 'above')).toBeNull()
    const below = moved(usual, 'lanes', 'below')
    expect(panesOf(below)).toEqual(['list', 'lanes', 'composer', 'inspector'])
    expect(placed(below).groups.map(({ place }) => Math.round(place.height * 100))).toEqual([40, 45, 15, 100])
    const left = movedToEdge(usual, 'inspector', 'left')
    expect(panesOf(left)).toEqual(['inspector', 'lanes', 'list', 'composer'])
    expect(placed(left).groups[0]?.place).toMatchObject({ left: 0, top: 0, height: 1 })
  })

  test('panes stand together as tabs, the one that came is shown', () => {
    const tabs = movedInto(usual, 'composer', 'inspector')
    expect(placed(tabs).groups.find(({ group }) => group.panes.includes('inspector'))?.group).toEqual({
      kind: 'group',
      panes: ['inspector', 'composer'],
      active: 'composer',
    })
    expect(without(tabs, 'composer')).toMatchObject({ parts: [{}, { active: 'inspector' }] })
  })

  test('a hidden pane leaves its room to the others and comes back', () => {
    const hidden = without(usual, 'inspector')!
    expect(panesOf(hidden)).not.toContain('inspector')
    expect(placed(hidden).groups.every(({ place }) => place.width === 1)).toBe(true)
    expect(panesOf(withPane(hidden, 'inspector'))).toEqual(['lanes', 'list', 'composer', 'inspector'])
    expect(without(groupOf('list'), 'list')).toBeNull()
  })

  test('a line moves between its two parts only, and loses neither', () => {
    const wide = resized(usual, [0], 0, 0.99)
    const shares = wide.kind === 'split' && wide.parts[0]?.kind === 'split' ? wide.parts[0].shares : []
    expect(shares[0]).toBeCloseTo(0.85 - MIN_SHARE)
    expect(shares[1]).toBeCloseTo(MIN_SHARE)
    expect(shares[2]).toBe(0.15)
  })

  test('whatever is moved where, every pane stands there once, without overlap or gap', () => {
    const pane = fc.constantFrom(...LAYOUT_PANES)
    const side = fc.constantFrom('left', 'right', 'above', 'below')
    const step = fc.oneof(
      fc.tuple(fc.constant('move'), pane, pane, side),
      fc.tuple(fc.constant('beside'), pane, pane, side),
      fc.tuple(fc.constant('into'), pane, pane, side),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let node: LayoutNode = usual
        for (const [what, one, other, where] of steps) {
          if (what === 'move') node = moved(node, one, where)
          else node = what === 'into' ? movedInto(node, one, other) : movedBeside(node, one, other, where)
          expect([...panesOf(node)].sort()).toEqual([...LAYOUT_PANES].sort())
          const area = placed(node).groups.reduce((sum, { place }) => sum + place.width * place.height, 0)
          expect(area).toBeCloseTo(1)
        }
      }),
    )
  })
})
