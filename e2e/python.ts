import { PythonPeer } from '../interop/python-peer'
import { test as base } from './fixtures'
import { Screen } from './screen'

/** Starts programs on the real Python Netcore; the test that started them takes them along when it ends. */
export interface Python {
  /** Waits for one TCP connection. */
  listening(): Promise<{ peer: PythonPeer; port: number }>
  /** Connects to our listener. */
  connecting(port: number): PythonPeer
  /** On a serial line. */
  serial(path: string): Promise<PythonPeer>
}

export const test = base.extend<{ python: Python; view: Screen }>({
  python: async ({}, use) => {
    const peers: PythonPeer[] = []
    const keep = (peer: PythonPeer): PythonPeer => {
      peers.push(peer)
      return peer
    }
    await use({
      listening: async () => {
        const { peer, port } = await PythonPeer.listening()
        return { peer: keep(peer), port }
      },
      connecting: (port) => keep(PythonPeer.connecting(port)),
      serial: async (path) => keep(await PythonPeer.serial(path)),
    })
    await Promise.all(peers.map((peer) => peer.kill()))
  },
  view: async ({ app }, use) => use(new Screen(app)),
})
