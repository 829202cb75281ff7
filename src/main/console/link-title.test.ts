import { expect, test } from 'vitest'
import { parseLinkUrl } from '../../shared/model/link-url'
import { linkTitle } from './link-title'

test.each([
  ['sim:demo', 'demo · 115 200 8N1'],
  ['sim:demo?baud=12000000', 'demo · 12 000 000 8N1'],
  ['sim:demo?baud=300', 'demo · 300 8N1'],
  ['serial:/dev/ttyUSB0?baud=9600&data=7&parity=even&stop=2', 'ttyUSB0 · 9 600 7E2'],
  ['serial:COM3?stop=1.5&data=5', 'COM3 · 115 200 5N1.5'],
  ['serial:/dev/ttyACM0?dialect=raw', 'ttyACM0 · 115 200 8N1 · raw'],
  ['serial:/dev/ttyACM0?name=bench-A', 'bench-A · 115 200 8N1'],
  ['tcp://10.0.0.7:4242', '10.0.0.7:4242 · TCP'],
  ['tcp://[::1]:4242', '[::1]:4242 · TCP'],
  ['tcp-listen://127.0.0.1:0', '127.0.0.1:0 · TCP server'],
  ['ws-listen://127.0.0.1:0/x', '127.0.0.1:0 · WebSocket server'],
  ['sd:wss://rig/demo', 'rig:8602 · WebSocket · socketd'],
  ['udp://[::1]:7', '[::1]:7 · UDP'],
  ['udp-listen://[::1]:7', '[::1]:7 · UDP server'],
])('%s is called "%s"', (url, title) => {
  expect(linkTitle(parseLinkUrl(url))).toBe(title)
})
