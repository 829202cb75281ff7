import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import type { FarEnd } from '../main/transport/compliance-session'

/** The library's own socket as the other end of a connection under test. */
export function webSocketFarEnd(socket: WebSocket, tcp: Socket): FarEnd {
  socket.on('error', () => undefined)
  return {
    write: (bytes) => socket.send(bytes),
    onBytes: (listener) =>
      void socket.on('message', (data: Buffer) =>
        listener(new Uint8Array(data.buffer, data.byteOffset, data.length)),
      ),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    end: () => socket.close(1000),
    cut: () => void tcp.resetAndDestroy(),
    close: () =>
      new Promise((resolve) => {
        if (socket.readyState === socket.CLOSED) resolve()
        else {
          socket.once('close', () => resolve())
          socket.terminate()
        }
      }),
  }
}
