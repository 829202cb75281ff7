/**
 * Sections of the results file. Each command writes its own and leaves those of the others as they are.
 *
 * @param heading - The whole line, `## Long runs (npm run soak)`.
 */
export function withSection(results: string, heading: string, lines: readonly string[]): string {
  return `${withoutSection(results, heading).trimEnd()}\n\n${[heading, '', ...lines, ''].join('\n')}`
}

/** Everything but the section. */
export function withoutSection(results: string, heading: string): string {
  const { from, to } = extentOf(results, heading)
  return results.slice(0, from) + results.slice(to)
}

/** The section as it stands, or nothing. */
export function sectionOf(results: string, heading: string): string {
  const { from, to } = extentOf(results, heading)
  return results.slice(from, to)
}

function extentOf(results: string, heading: string): { from: number; to: number } {
  const from = results.indexOf(heading)
  if (from < 0) return { from: results.length, to: results.length }
  const next = results.indexOf('\n## ', from + heading.length)
  return { from, to: next < 0 ? results.length : next + 1 }
}
