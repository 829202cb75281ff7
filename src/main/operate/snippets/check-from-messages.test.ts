import { beforeAll, expect, test } from 'vitest'
import { hasCode } from '../../../shared/errors'
import type { TraceEvent } from '../../../shared/model/trace'
import { parseSnippet } from '../../../shared/workspace/snippet-file'
import { utf8 } from '../../../shared/bytes'
import { linksOnLine } from '../../../testing/joined-links'
import { Capture } from '../../capture/capture'
import { type CheckOptions, type CheckSource, checkFromMessages } from './check-from-messages'

let source: CheckSource
let ids: { first: number; second: number; event: number; incoming: number }

beforeAll(async () => {
  const capture = new Capture()
  const { clock, near, far } = linksOnLine()
  near.link.observe((event: TraceEvent) => capture.observe(event))
  let count = 0
  far.link.stack.onUnrouted(() => {
    count += 1
    return {
      body: utf8(`{"mtu":512,"list":[{"name":"a b"}],"served":${count},"uptimeMs":${count * 7},"ok":true}`),
    }
  })
  far.link.open()
  near.link.open()
  await clock.advanceToAsync(10)
  const asked = async (): Promise<number> => {
    const { messageKey } = near.link.request({ route: 'cfg.get', body: utf8('{"key":"net.mtu"}') })
    await clock.advanceToAsync(clock.nowMs() + 200)
    return capture.messageIdOf(1, messageKey)
  }
  const first = await asked()
  const second = await asked()
  const { messageKey } = near.link.send({ route: 'log.level', kind: 'event', body: utf8('3') })
  far.link.send({ route: 'telemetry', kind: 'event', body: utf8('x') })
  await clock.advanceToAsync(clock.nowMs() + 200)
  const event = capture.messageIdOf(1, messageKey)
  const incoming = capture.rows(0, 10).find(({ route }) => route === 'telemetry')!.id
  ids = { first, second, event, incoming }
  source = {
    detail: (id) => capture.detail(id),
    body: (id) => capture.body(id),
    previousOf: (id) => capture.previousOf(id),
  }
})

const made = (messageIds: readonly number[], more: Partial<CheckOptions> = {}) =>
  checkFromMessages(source, { messageIds, chosen: {}, keepsWaits: false, title: 'A check', ...more })

test('sends the request again and checks what was the same whenever it was asked', () => {
  const { text, exchanges, name } = made([ids.second])
  expect(name).toBe('cfg.get')
  expect(exchanges[0]!.repeats).toBe(1)
  expect(Object.fromEntries(exchanges[0]!.fields.map(({ field, reason }) => [field, reason]))).toEqual({
    'msg.kind': 'stable',
    'msg.route': 'stable',
    'body.mtu': 'stable',
    'body.list[0].name': 'stable',
    'body.served': 'changed',
    'body.uptimeMs': 'changed',
    'body.ok': 'stable',
  })
  const reading = parseSnippet(text, 'check.yaml')
  expect(reading.value!.steps.map((step) => (step.step === 'check' ? step.filter : step.step))).toEqual([
    'send',
    'msg.kind == response',
    'msg.route == "cfg.get"',
    'body.mtu == 512',
    'body.list[0].name == "a b"',
    'body.ok == true',
  ])
})

test('goes by names where nothing was asked twice, and does as the person chooses', () => {
  const reasons = Object.fromEntries(
    made([ids.first]).exchanges[0]!.fields.map(({ field, reason }) => [field, reason]),
  )
  expect(reasons['body.uptimeMs']).toBe('named')
  expect(reasons['body.served']).toBe('stable')
  const { text } = made([ids.first], { chosen: { '0 body.uptimeMs': true, '0 body.mtu': false } })
  expect(text).toContain('check: body.uptimeMs == 7')
  expect(text).not.toContain('body.mtu')
})

test('takes several exchanges in the order in which they were sent, by either side, with the time between', () => {
  const answerId = source.detail(ids.first).partnerId
  const { text, exchanges, leftOut } = made([ids.event, ids.second, answerId, ids.first, ids.incoming], {
    keepsWaits: true,
  })
  expect(exchanges.map(({ messageId }) => messageId)).toEqual([ids.first, ids.second, ids.event])
  expect(leftOut).toBe(1)
  const steps = parseSnippet(text, 'check.yaml').value!.steps
  expect(steps.filter(({ step }) => step === 'send')).toHaveLength(3)
  expect(steps.filter(({ step }) => step === 'wait').length).toBe(2)
})

test('refuses what has nothing to send, and more than a file may hold', () => {
  expect(() => made([ids.incoming])).toThrow(expect.toSatisfy((error) => hasCode(error, 'CHECK_EMPTY')))
  const many: CheckSource = {
    ...source,
    previousOf: () => null,
    detail: (id) => ({ ...source.detail(ids.first), id }),
    body: () => utf8('1'),
  }
  const over = Array.from({ length: 51 }, (_, index) => index + 1)
  const options = { chosen: {}, keepsWaits: false, title: '' }
  expect(() => checkFromMessages(many, { ...options, messageIds: over })).toThrow(
    expect.toSatisfy((error) => hasCode(error, 'CHECK_TOO_LARGE')),
  )
  expect(checkFromMessages(many, { ...options, messageIds: over.slice(1) }).exchanges).toHaveLength(50)
})
