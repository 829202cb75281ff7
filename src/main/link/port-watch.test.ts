import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import type { PortInfo } from '../../shared/model/views'
import { listedPort } from '../../testing/listed-port'
import { VirtualClock } from '../../testing/virtual-clock'
import { GONE_SHOWN_MS, PORTS_POLL_MS, PortWatch } from './port-watch'

let clock: VirtualClock
let plugged: PortInfo[]
let looks: number
let watch: PortWatch
beforeEach(() => {
  clock = new VirtualClock()
  plugged = [listedPort('/dev/ttyACM0', 'A')]
  looks = 0
  watch = new PortWatch({
    clock,
    list: () => {
      looks += 1
      return Promise.resolve(plugged)
    },
  })
})

const pass = (ms: number): Promise<void> => clock.advanceToAsync(clock.nowMs() + ms)
const shown = (): unknown[] =>
  (watch.current ?? []).map(({ path, appearedMs, problem }) => [path, appearedMs, problem?.code ?? null])

test('asks the system twice a second while somebody watches, and not at all otherwise', async () => {
  await pass(10_000)
  expect([looks, watch.current]).toEqual([0, undefined])
  const ends = [watch.watch(() => {}), watch.watch(() => {})]
  await pass(10 * PORTS_POLL_MS)
  expect(looks).toBe(11)
  for (const end of ends) end()
  await pass(10_000)
  expect(looks).toBe(11)
})

test('tells of a port that comes with the time, and of one that goes for a while', async () => {
  let news = 0
  const end = watch.watch(() => {
    news += 1
  })
  await pass(1200)
  expect([news, shown()]).toEqual([1, [['/dev/ttyACM0', null, null]]])
  plugged = [...plugged, listedPort('/dev/ttyACM1', 'B')]
  await pass(500)
  expect([news, shown()]).toEqual([
    2,
    [
      ['/dev/ttyACM0', null, null],
      ['/dev/ttyACM1', 1500, null],
    ],
  ])
  plugged = plugged.slice(1)
  await pass(500)
  expect(shown()).toEqual([
    ['/dev/ttyACM1', 1500, null],
    ['/dev/ttyACM0', null, 'PORT_MISSING'],
  ])
  await pass(GONE_SHOWN_MS + PORTS_POLL_MS)
  expect([news, shown()]).toEqual([4, [['/dev/ttyACM1', 1500, null]]])
  end()
})

test('another board under the same path is new', async () => {
  const end = watch.watch(() => {})
  await pass(1)
  plugged = [listedPort('/dev/ttyACM0', 'B')]
  await pass(500)
  expect(shown()).toEqual([['/dev/ttyACM0', 500, null]])
  end()
})

test('finds the port behind another name of its path', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'netcore-by-id-'))
  await symlink('/dev/null', join(folder, 'usb-board'))
  plugged = [listedPort('/dev/null', 'N')]
  const ports = await watch.ports()
  expect(await watch.portAt(join(folder, 'usb-board'), ports)).toMatchObject({ serialNumber: 'N' })
  expect(await watch.portAt(join(folder, 'nothing'), ports)).toBeUndefined()
  await rm(folder, { recursive: true })
})
