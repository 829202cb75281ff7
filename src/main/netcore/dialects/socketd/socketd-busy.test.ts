import { expect, test } from 'vitest'
import { concatBytes, utf8 } from '../../../../shared/bytes'
import { addStack } from '../../../../testing/joined-endpoints'
import { faultCodes, socketdPair } from '../../../../testing/socketd-pair'
import { eventsOf, pullAll } from '../../../../testing/stack-wire'
import { settlePromises, VirtualClock } from '../../../../testing/virtual-clock'
import { Endpoint } from '../../endpoint/endpoint'
import { PRESSURE_PAUSE_MS } from './session/session'

/** What each side does when the other asks for more than it can take, or takes nothing. */

test('an endpoint whose places are taken says Pressure, the other side pauses, and both go on by themselves', async () => {
  const { client, server, talk } = socketdPair()
  let finish: () => void = () => undefined
  const endpoint = new Endpoint({ nowMs: () => 0, maxConcurrent: 1, maxWaiting: 1 }).request(
    'work',
    () =>
      new Promise((resolve) => {
        finish = () => resolve('done')
      }),
  )
  addStack(endpoint, { ...server, connected: true }, new VirtualClock())
  const ask = () => client.stack.request({ route: 'work', body: utf8('') }, 1).answer
  const [first, second, third] = [ask(), ask(), ask()]
  talk(1)
  const kinds = eventsOf(server.events, 'frame').map(({ frameKind }) => frameKind)
  expect(kinds.filter((kind) => kind === 'request')).toHaveLength(3)
  expect((await third).headers).toMatchObject({ code: '3001', 'Error-Code': 'ENDPOINT_BUSY' })
  expect(faultCodes(client)).toEqual(['SOCKETD_PRESSURE'])
  const fourth = ask()
  expect(pullAll(client.stack, 1)).toEqual([])
  for (const answer of [first, second]) {
    finish()
    await settlePromises()
    talk(2)
    expect(Buffer.from((await answer).body).toString()).toBe('"done"')
  }
  expect(client.stack.wakeAtMs).toBe(1 + PRESSURE_PAUSE_MS)
  talk(1 + PRESSURE_PAUSE_MS)
  finish()
  await settlePromises()
  talk(1 + PRESSURE_PAUSE_MS)
  expect(Buffer.from((await fourth).body).toString()).toBe('"done"')
})

test('a Close that nobody takes is waited for a second, and said once however often somebody asks', () => {
  const { client, server } = socketdPair()
  client.stack.farewell(1)
  client.stack.farewell(2)
  client.stack.wake(1000)
  expect(client.stack.isSpent).toBe(false)
  client.stack.wake(1001)
  expect(client.stack.isSpent).toBe(true)
  expect(pullAll(client.stack, 1001)).toEqual([])

  server.stack.farewell(5)
  server.stack.farewell(5)
  const said = pullAll(server.stack, 5)
  expect(said.map(({ frameKind }) => frameKind)).toEqual(['close'])
  expect(Buffer.from(concatBytes(said[0]!.parts)).toString()).toContain('code=1001')
})
