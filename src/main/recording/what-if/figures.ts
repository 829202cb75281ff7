import {
  MAX_WHATIF_ROUTES,
  type WhatIfFigures,
  type WhatIfGroup,
  type WhatIfRow,
  type WhatIfSummary,
  waitOf,
} from '../../../shared/model/what-if'
import type { Priority } from '../../../shared/model/trace'

/** By nearest rank: each figure is a value that occurred. Zeros for none. */
export function figuresOf(values: readonly number[]): WhatIfFigures {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: sorted.at(-1) ?? 0 }
}

export type WhatIfGroups = Pick<WhatIfSummary, 'all' | 'priorities' | 'routes'>

/** Figures over all messages, by priority as recorded, and by route. Messages that did not get through count only before. */
export function groupsOf(rows: readonly WhatIfRow[]): WhatIfGroups {
  const byPriority = gathered(rows, ({ priority }) => priority)
  const byRoute = gathered(rows, ({ route }) => route)
  const routes = [...byRoute]
    .sort(([a, here], [b, there]) => there.length - here.length || (a < b ? -1 : 1))
    .slice(0, MAX_WHATIF_ROUTES)
  return {
    all: groupOf(rows, '', null),
    priorities: [...byPriority]
      .sort(([a], [b]) => a - b)
      .map(([priority, some]) => groupOf(some, '', priority)),
    routes: routes.map(([route, some]) => groupOf(some, route, null)),
  }
}

function groupOf(rows: readonly WhatIfRow[], route: string, priority: Priority | null): WhatIfGroup {
  const after = rows.flatMap((row) => row.after ?? [])
  return {
    route,
    priority,
    hue: route === '' ? 0 : (rows[0]?.hue ?? 0),
    count: rows.length,
    waitBefore: figuresOf(rows.map(({ before }) => waitOf(before))),
    waitAfter: figuresOf(after.map(waitOf)),
    totalBefore: figuresOf(rows.map(({ before }) => before.totalMs)),
    totalAfter: figuresOf(after.map(({ totalMs }) => totalMs)),
  }
}

function gathered<K>(rows: readonly WhatIfRow[], keyOf: (row: WhatIfRow) => K): Map<K, WhatIfRow[]> {
  const groups = new Map<K, WhatIfRow[]>()
  for (const row of rows) {
    const group = groups.get(keyOf(row))
    if (group === undefined) groups.set(keyOf(row), [row])
    else group.push(row)
  }
  return groups
}
