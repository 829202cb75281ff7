import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { WatchedChild } from './hosts/child-process'
import { OUT_DIR } from './paths'

/** `netcore listen` as a process of its own: a device that waits for calls. */
export class NetcoreListen {
  readonly port: number
  readonly #child: WatchedChild

  private constructor(child: WatchedChild, port: number) {
    this.#child = child
    this.port = port
  }

  /**
   * @param query - Options of the address, e.g. `dialect=native`.
   * @param password - Given by the environment, as on a computer with other users.
   */
  static async start(
    query: string,
    password: string,
    port = 0,
    scheme: 'tcp-listen' | 'udp-listen' = 'tcp-listen',
  ): Promise<NetcoreListen> {
    const url = `${scheme}://127.0.0.1:${port}?${query}`
    const process_ = spawn(process.execPath, [`${OUT_DIR}/cli/netcore.js`, 'listen', url, '--jsonl'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NETCORE_PASSWORD: password },
    })
    const child = new WatchedChild(process_)
    const firstLine = new Promise<string>((resolve) => createInterface(process_.stdout).once('line', resolve))
    const line = await Promise.race([firstLine, child.failsWhenEnded()])
    const told = JSON.parse(line) as { url: string }
    return new NetcoreListen(child, Number(/:(\d+)\?/.exec(told.url)![1]))
  }

  /** Everything it wrote. */
  output(): string {
    return this.#child.output()
  }

  /** It neither reads nor writes until `thaw`, as a device that hangs. */
  freeze(): void {
    this.#child.process.kill('SIGSTOP')
  }

  thaw(): void {
    this.#child.process.kill('SIGCONT')
  }

  async stop(): Promise<void> {
    this.thaw()
    this.#child.process.kill('SIGINT')
    await this.#child.ends()
  }
}
