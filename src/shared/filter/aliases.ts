import { readSyntax, type SyntaxNode } from './syntax'

export interface AliasInfo {
  readonly name: string
  readonly description: string
  /** What it stands for; `$` is the value that follows it. */
  readonly meaning: string
}

const alias = (name: string, meaning: string, description: string): AliasInfo => ({
  name,
  meaning,
  description,
})

/** Short forms, as mitmproxy has them. */
export const FILTER_ALIASES: readonly AliasInfo[] = [
  alias('r', 'msg.route contains $', 'Route contains a text'),
  alias('b', 'text contains $', 'Body contains a text'),
  alias('n', 'note contains $', 'Note contains a text'),
  alias('t', 'msg.type == $', 'Type of the message'),
  alias('s', 'msg.status == $', 'Status of the message'),
  alias('p', 'msg.prio == $', 'Priority of the message'),
  alias('l', 'link.name == $', 'Name of the link'),
  alias('q', 'not rep and msg.kind == "request"', 'Unanswered requests'),
  alias('a', 'rep', 'Answered requests'),
  alias('e', 'msg.code and msg.status != "cancelled"', 'Something went wrong'),
  alias('m', 'marked', 'Marked by somebody'),
  alias('in', 'msg.dir == "in"', 'Received'),
  alias('out', 'msg.dir == "out"', 'Sent'),
]

const byName = new Map(FILTER_ALIASES.map((info) => [info.name, info]))

export const aliasNamed = (name: string): AliasInfo | undefined => byName.get(name)
export const aliasTakesValue = (name: string): boolean => byName.get(name)?.meaning.includes('$') ?? false

/** What an alias stands for, at the place of the alias. */
export function expandAlias(node: SyntaxNode & { readonly op: 'alias' }): SyntaxNode | undefined {
  const info = byName.get(node.name)
  if (info === undefined) return undefined
  return placed(
    readSyntax(info.meaning.replace('$', 'x'), () => false),
    node,
  )
}

/** What a text stands for, at the place of what was written for it. */
export const meaningAt = (
  text: string,
  { from, to }: { readonly from: number; readonly to: number },
): SyntaxNode =>
  placed(
    readSyntax(text, () => false),
    { op: 'alias', name: '', value: null, from, to },
  )

function placed(meaning: SyntaxNode, { value, from, to }: SyntaxNode & { readonly op: 'alias' }): SyntaxNode {
  switch (meaning.op) {
    case 'and':
    case 'or':
      return {
        ...meaning,
        parts: meaning.parts.map((part) => placed(part, { op: 'alias', name: '', value, from, to })),
        from,
        to,
      }
    case 'not':
      return { ...meaning, part: placed(meaning.part, { op: 'alias', name: '', value, from, to }), from, to }
    case 'compare':
      return { ...meaning, value: value ?? meaning.value, comparisonAt: { from, to }, from, to }
    default:
      return { ...meaning, from, to }
  }
}
