import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { utf8 } from '../../../shared/bytes'
import { VirtualClock } from '../../../testing/virtual-clock'
import { Workspace } from '../../workspace/workspace'
import { AnswerCache, type AnswerPlan, MAX_KEPT_ANSWER_BYTES } from './answer-cache'
import { bytesOfText } from './cache-value'
import { CachingRules } from './caching-rules'
import { OperatedCache } from './operated-cache'

const RULE = { route: 'sys.*', link: '', serveMs: 5000, headers: [], isEnabled: true }

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'nc-caching-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

async function setUp(rules: readonly Parameters<CachingRules['save']>[0][] = [RULE]) {
  const clock = new VirtualClock()
  const workspace = new Workspace(dir)
  const cachingRules = new CachingRules(workspace)
  for (const rule of rules) await cachingRules.save(rule)
  const cache = new OperatedCache({ clock })
  const answers = new AnswerCache(cache, cachingRules, clock)
  const ask = (route: string, body = '', headers = {}, linkName = 'demo'): AnswerPlan | null =>
    answers.plan({ linkName, route, body: utf8(body), headers }, 'composer')
  const answered = (plan: AnswerPlan | null, body: string | Uint8Array = '{"v":1}', headers = {}): void => {
    if (plan?.kind !== 'send') throw new Error(`nothing to send: ${plan?.kind}`)
    plan.began(7)
    plan.ended({ messageId: 8, headers, body: typeof body === 'string' ? utf8(body) : body })
  }
  return { clock, cache, rules: cachingRules, workspace, ask, answered }
}

test('an answer is served for as long as the rule says, and asked for again after that', async () => {
  const { clock, cache, ask, answered } = await setUp()
  answered(ask('sys.info'))
  clock.advanceBy(3000)
  expect(ask('sys.info')).toMatchObject({
    kind: 'served',
    answer: { key: 'answers/demo/sys.info', ageMs: 3000, messageId: 8, bytes: 7, preview: '{"v": 1}' },
  })
  expect(cache.detail('answers/demo/sys.info')).toMatchObject({ writer: 'rule sys.*', readBy: 'composer' })
  clock.advanceBy(2000)
  expect(ask('sys.info')?.kind).toBe('send')
  expect(ask('other.route')).toBeNull()
})

test('link, route, body and the headers of the rule tell answers apart', async () => {
  const { ask, answered } = await setUp([{ ...RULE, headers: ['user'] }])
  answered(ask('sys.info', '{"a":1}', { user: 'ada' }))
  expect(ask('sys.info', '{"a":1}', { user: 'ada', trace: 'x' })?.kind).toBe('served')
  for (const plan of [
    ask('sys.info', '{"a":2}', { user: 'ada' }),
    ask('sys.info', '{"a":1}', { user: 'bob' }),
    ask('sys.info', '{"a":1}'),
    ask('sys.other', '{"a":1}', { user: 'ada' }),
    ask('sys.info', '{"a":1}', { user: 'ada' }, 'rig-3'),
  ])
    expect(plan?.kind).toBe('send')
})

test('a request equal to one under way joins it; failures and answers too large are asked for again', async () => {
  const { ask, answered, cache } = await setUp()
  const first = ask('sys.info')
  if (first?.kind !== 'send') throw new Error('not sent')
  first.began(41)
  expect(ask('sys.info')).toEqual({ kind: 'joined', requestId: 41 })
  first.ended(null)
  answered(ask('sys.info'), '{"error":{"code":"X","message":"no"}}', { status: 'error', ok: false })
  answered(ask('sys.big'), new Uint8Array(MAX_KEPT_ANSWER_BYTES + 1))
  expect(cache.totals.entries).toBe(0)
  expect(ask('sys.big')?.kind).toBe('send')
  answered(ask('sys.big'), new Uint8Array(MAX_KEPT_ANSWER_BYTES))
  expect(ask('sys.big')?.kind).toBe('served')
})

test('an entry set by hand under the key of an answer is served too', async () => {
  const { cache, ask } = await setUp()
  const writer = { kind: 'operator', name: '', messageId: null } as const
  cache.set('answers/demo/sys.info', { ...bytesOfText('json', '{"mine":1}'), ttlMs: null, writer })
  expect(ask('sys.info')).toMatchObject({ kind: 'served', answer: { messageId: null } })
})

test('rules follow their file; with a mistake in it the last good ones stay at work and saving is refused', async () => {
  const { rules, ask } = await setUp([])
  expect(ask('sys.info')).toBeNull()
  await mkdir(join(dir, 'settings'), { recursive: true })
  writeFileSync(join(dir, 'settings', 'caching.yaml'), 'rules:\n  - {route: sys.info, serve: 1s}\n')
  const other = new CachingRules(new Workspace(dir))
  expect(other.ruleFor('sys.info', 'demo')?.serveMs).toBe(1000)
  writeFileSync(join(dir, 'settings', 'caching.yaml'), 'rules:\n  - {route: sys.info, serve: soon}\n')
  await expect(other.save(RULE)).rejects.toMatchObject({ code: 'CACHING_RULE_INVALID' })
  expect(other.ruleFor('sys.info', 'demo')?.serveMs).toBe(1000)
  const broken = new CachingRules(new Workspace(dir)).state
  expect(broken.rules).toEqual([])
  expect(broken.problem?.message).toMatch(/^settings\/caching\.yaml:2:/)
  other.close()
  rules.close()
})

test('a rule that is off or of another link is for nobody else', async () => {
  const { rules, ask } = await setUp([{ ...RULE, link: 'rig-3' }])
  expect([ask('sys.info'), ask('sys.info', '', {}, 'rig-3')?.kind]).toEqual([null, 'send'])
  await rules.save({ ...RULE, link: 'rig-3', isEnabled: false })
  expect(ask('sys.info', '', {}, 'rig-3')).toBeNull()
  await rules.remove({ route: 'sys.*', link: 'rig-3' })
  expect(rules.state.rules).toEqual([])
})
