import type { SeenValues } from '../../shared/filter'
import type { RowSource } from './row-source'

const MAX_PATHS = 100
const MAX_DEPTH = 4
const PLAIN_KEY = /^[\p{L}_$][\p{L}\p{N}_$-]*$/u

/** What the rows at hand can tell of values: routes, and paths inside bodies that are short enough to be read whole. */
export function seenValues(rows: RowSource, linkNames: readonly string[]): SeenValues {
  const paths = new Set<string>()
  for (const preview of rows.previews()) {
    if (paths.size >= MAX_PATHS) break
    for (const path of bodyPaths(preview)) paths.add(path)
  }
  const routes = rows.routes()
  const valuesOf = (field: string): readonly string[] =>
    field.endsWith('.route') ? routes : field.endsWith('link.name') ? linkNames : []
  return { valuesOf, bodyPaths: [...paths].slice(0, MAX_PATHS) }
}

/** Paths of a body in JSON; none when the text is no whole one. */
export function bodyPaths(preview: string): string[] {
  const paths: string[] = []
  const visit = (value: unknown, path: readonly string[]): void => {
    if (path.length > MAX_DEPTH) return
    if (path.length > 0) paths.push(path.join('.'))
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return
    for (const [key, item] of Object.entries(value)) if (PLAIN_KEY.test(key)) visit(item, [...path, key])
  }
  try {
    visit(JSON.parse(preview), [])
  } catch {
    return [] // cut short, or no JSON at all
  }
  return paths
}
