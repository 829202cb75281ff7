import { PeerProcess } from './peer-process'

/** The real Python libraries in a process of their own (interop/python), driven and watched by JSON lines. */
export class PythonPeer extends PeerProcess {
  private constructor(args: readonly string[], script = 'interop/python/peer.py') {
    const python = process.env['PYTHON_PEER']
    if (python === undefined)
      throw new Error('PYTHON_PEER is not set: run these tests with "npm run test:interop"')
    super(python, [script, ...args])
  }

  /** Starts a peer that waits for one TCP connection, and gives the port it listens on. */
  static async listening(
    workers = 4,
    routes: 'demo' | 'steps' = 'demo',
  ): Promise<{ peer: PythonPeer; port: number }> {
    const options = ['--workers', String(workers), '--routes', routes]
    const peer = new PythonPeer(['--tcp-listen', '127.0.0.1:0', ...options])
    const { port } = await peer.next('listening')
    return { peer, port: port as number }
  }

  /** Starts a peer that connects to our listener. */
  static connecting(port: number): PythonPeer {
    return new PythonPeer(['--tcp', `127.0.0.1:${port}`])
  }

  /** Starts a peer on a serial line and waits until it has opened it. */
  static async serial(path: string): Promise<PythonPeer> {
    const peer = new PythonPeer(['--serial', path])
    await peer.next('connected')
    return peer
  }

  /** A program built on the real netconduit, see interop/python/netconduit_peer.py. */
  static netconduit(...args: readonly string[]): PythonPeer {
    return new PythonPeer(args, 'interop/python/netconduit_peer.py')
  }

  /** A program built on the real Socket.D, see interop/python/socketd_peer.py. */
  static socketd(...args: readonly string[]): PythonPeer {
    return new PythonPeer(args, 'interop/python/socketd_peer.py')
  }
}
