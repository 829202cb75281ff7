import { z } from 'zod'
import { type LayoutNode, LAYOUT_PANES } from '../model/layout'
import { type FileReading, readYaml } from './read-yaml'
import { formatYaml, type YamlMapping } from './write-yaml'

/** Where the layouts with a name stand: `settings/layouts.yaml` in the workspace. */
export const LAYOUTS_FILE = 'layouts'

export type NamedLayouts = Readonly<Record<string, LayoutNode>>

export const MAX_LAYOUTS = 50
export const MAX_LAYOUT_NAME = 40

const pane = z.enum(LAYOUT_PANES)
const group = z.strictObject({ panes: z.array(pane).min(1), shown: pane.optional() })
const share = z.number().min(1).max(99)

/** Written out for each depth: four panes never need more than three splits within each other. */
const leaf = group.extend({ share: share.optional() })
const splitOf = <T extends z.ZodType>(part: T) => {
  const parts = z.array(part).min(2).max(LAYOUT_PANES.length)
  return z.union([
    z.strictObject({ share: share.optional(), row: parts }),
    z.strictObject({ share: share.optional(), column: parts }),
  ])
}
const first = splitOf(leaf)
const second = splitOf(z.union([leaf, first]))
const third = splitOf(z.union([leaf, second]))
const layout = z.union([leaf, third])

type Written =
  | {
      readonly share?: number | undefined
      readonly panes: readonly (typeof LAYOUT_PANES)[number][]
      readonly shown?: (typeof LAYOUT_PANES)[number] | undefined
    }
  | { readonly share?: number | undefined; readonly row: readonly Written[] }
  | { readonly share?: number | undefined; readonly column: readonly Written[] }

const file = z.strictObject({
  layouts: z
    .record(z.string().min(1).max(MAX_LAYOUT_NAME), layout)
    .refine((all) => Object.keys(all).length <= MAX_LAYOUTS, `more than ${MAX_LAYOUTS} layouts`)
    .refine((all) => Object.values(all).every((one) => isOnce(panesOf(one))), 'a pane stands there twice')
    .default({}),
})

const HEAD = `# Arrangements of the live page: row and column divide, share is in percent, several panes together are tabs.
`

/** Reads the layouts; never throws for what stands in the file. */
export function parseLayouts(text: string, path: string): FileReading<NamedLayouts> {
  const reading = readYaml(text, path, file)
  if (reading.problem) return reading
  const { layouts } = reading.value
  return { value: Object.fromEntries(Object.entries(layouts).map(([name, one]) => [name, nodeOf(one)])) }
}

/** @param before - Text of the file so far, whose comments are kept; empty for a new file. */
export const formatLayouts = (layouts: NamedLayouts, before = ''): string =>
  formatYaml(
    { layouts: Object.fromEntries(Object.entries(layouts).map(([name, one]) => [name, written(one)])) },
    before === '' ? HEAD : before,
  )

const isOnce = (panes: readonly string[]): boolean => new Set(panes).size === panes.length

const partsOf = (node: Written): readonly Written[] | null =>
  'row' in node ? node.row : 'column' in node ? node.column : null

function panesOf(node: Written): readonly string[] {
  const parts = partsOf(node)
  return parts === null ? ('panes' in node ? node.panes : []) : parts.flatMap(panesOf)
}

function nodeOf(node: Written): LayoutNode {
  if ('panes' in node) {
    const { panes, shown } = node
    return { kind: 'group', panes, active: shown !== undefined && panes.includes(shown) ? shown : panes[0]! }
  }
  const parts = partsOf(node) ?? []
  const known = parts.reduce((sum, part) => sum + (part.share ?? 0), 0)
  const open = parts.filter((part) => part.share === undefined).length
  const rest = open === 0 ? 0 : Math.max(1, 100 - known) / open
  const total = known + rest * open
  return {
    kind: 'split',
    direction: 'row' in node ? 'row' : 'column',
    shares: parts.map((part) => (part.share ?? rest) / total),
    parts: parts.map(nodeOf),
  }
}

function written(node: LayoutNode, share?: number): YamlMapping {
  const percent = share === undefined ? undefined : Math.min(99, Math.max(1, Math.round(share * 100)))
  if (node.kind === 'group') {
    const { panes, active } = node
    return { share: percent, panes, shown: active === panes[0] ? undefined : active }
  }
  const parts = node.parts.map((part, index) => written(part, node.shares[index]))
  return { share: percent, [node.direction]: parts }
}
