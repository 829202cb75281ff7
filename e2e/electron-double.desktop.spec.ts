import { handOver, MessageChannelMain } from './electron-double/ports'
import { StrictEvents, strict } from './electron-double/strict'
import { expect, test } from './fixtures'

test('the double throws on whatever it does not have', () => {
  const app = strict('app', { getVersion: () => '1' })
  expect(app.getVersion()).toBe('1')
  expect(() => Reflect.get(app, 'dock') as unknown).toThrow('no app.dock')
  expect(() => Reflect.set(app, 'getVersion', 1)).toThrow('app.getVersion')
  expect(() => new StrictEvents('app', ['ready']).add('activate', () => undefined)).toThrow('"activate"')
})

test('the double hands over each port once and carries nothing but bytes and texts', () => {
  const { port1, port2 } = new MessageChannelMain()
  expect(() => port1.postMessage({ not: 'bytes' })).toThrow('byte arrays and texts only')
  expect(() => port2.start()).toThrow('no port2.start')
  expect(handOver(port2)).toBeGreaterThan(0)
  expect(() => handOver(port2)).toThrow('once')
})
