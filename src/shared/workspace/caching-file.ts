import { isMap, isSeq, parseDocument } from 'yaml'
import { z } from 'zod'
import { type CachingRule, MAX_CACHING_RULES, MAX_RULE_HEADERS, MAX_SERVED_MS } from '../model/cache'
import { DURATION_REMEDY, formatDuration, parseDuration } from './duration'
import { type FileReading, readYaml } from './read-yaml'

/** Where the rules stand: `settings/caching.yaml` in the workspace. */
export const CACHING_FILE = 'caching'

const served = z
  .string()
  .refine((text) => {
    const ms = parseDuration(text)
    return ms !== undefined && ms >= 1 && ms <= MAX_SERVED_MS
  }, `not a time from 1ms to 24h. ${DURATION_REMEDY}`)
  .transform((text) => parseDuration(text)!)

const rule = z.strictObject({
  route: z.string().min(1).max(1024),
  serve: served,
  link: z.string().max(256).default(''),
  headers: z.array(z.string().min(1).max(256)).max(MAX_RULE_HEADERS).default([]),
  enabled: z.boolean().default(true),
})

const file = z.strictObject({ rules: z.array(rule).max(MAX_CACHING_RULES).default([]) })

const HEAD = `# Answers that are served from the cache for a while instead of being asked for again.
# The first rule that fits counts; * at the end of a route stands for any end.
`

/** Reads the rules; never throws for what stands in the file. */
export function parseCaching(text: string, path: string): FileReading<readonly CachingRule[]> {
  const reading = readYaml(text, path, file)
  if (reading.problem) return reading
  return {
    value: reading.value.rules.map(({ route, serve, link, headers, enabled }) => ({
      route,
      link,
      serveMs: serve,
      headers,
      isEnabled: enabled,
    })),
  }
}

/**
 * The text with a rule added or, for a route and link that have one, replaced. What else stands there, comments too, stays.
 * The text must be one that `parseCaching` reads.
 */
export function withRule(text: string, changed: CachingRule): string {
  const document = parseDocument(text === '' ? HEAD : text)
  const node = document.createNode(printed(changed))
  const rules = document.get('rules')
  if (!isSeq(rules)) document.set('rules', document.createNode([printed(changed)]))
  else {
    const at = rules.items.findIndex((item) => isOf(item, changed))
    if (at < 0) rules.add(node)
    else rules.set(at, node)
  }
  return document.toString({ lineWidth: 0 })
}

/** The text without the rule of a route and link. */
export function withoutRule(text: string, gone: Pick<CachingRule, 'route' | 'link'>): string {
  const document = parseDocument(text)
  const rules = document.get('rules')
  if (isSeq(rules)) rules.items = rules.items.filter((item) => !isOf(item, gone))
  return document.toString({ lineWidth: 0 })
}

const isOf = (item: unknown, { route, link }: Pick<CachingRule, 'route' | 'link'>): boolean =>
  isMap(item) && item.get('route') === route && (item.get('link') ?? '') === link

function printed({ route, link, serveMs, headers, isEnabled }: CachingRule): Record<string, unknown> {
  return {
    route,
    ...(link !== '' && { link }),
    serve: formatDuration(serveMs),
    ...(headers.length > 0 && { headers }),
    ...(!isEnabled && { enabled: false }),
  }
}
