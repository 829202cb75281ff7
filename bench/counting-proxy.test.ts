import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { CountingProxy } from './counting-proxy'
import { listenOnLoopback, openSocket } from './peers/over-tcp'

test('passes bytes on both ways and counts each way for itself', async () => {
  const server = createServer((socket) => {
    socket.on('data', (data) => socket.write(Buffer.concat([data, data])))
    socket.on('error', () => socket.destroy())
  })
  const proxy = new CountingProxy()
  const socket = await openSocket(await proxy.listenFor(await listenOnLoopback(server)))
  socket.write('seven b')
  let received = ''
  while (received.length < 14) received += String((await once(socket, 'data'))[0])
  expect(received).toBe('seven bseven b')
  expect(proxy.counts()).toEqual({ upBytes: 7, downBytes: 14 })
  socket.destroy()
  proxy.close()
  server.close()
})
