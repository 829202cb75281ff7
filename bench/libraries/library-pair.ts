import { PeerProcess } from '../../interop/peer-process'

/** Server and client of a real library, in processes of their own, which measure themselves. */
export interface Library {
  /** What to run, and with which arguments; `port` is that of the server. */
  readonly program: string
  readonly serve: readonly string[]
  readonly connect: (port: number) => readonly string[]
}

export interface LibraryJobs {
  bulk: {
    readonly args: { readonly bytes: number }
    readonly result: { readonly megabytesPerSecond: number }
  }
  rate: {
    readonly args: { readonly forMs: number }
    readonly result: { readonly sequentialPerSecond: number; readonly concurrentPerSecond: number }
  }
  latency: {
    readonly args: {
      readonly requests: number
      readonly everyMs: number
      readonly isUnderBulk: boolean
      readonly bytes: number
    }
    readonly result: { readonly p50Ms: number; readonly p99Ms: number; readonly answered: number }
  }
}

/** @throws Error when a process ends, or says that it failed. */
export async function measureLibrary<N extends keyof LibraryJobs>(
  { program, serve, connect }: Library,
  job: N,
  args: LibraryJobs[N]['args'],
): Promise<LibraryJobs[N]['result']> {
  const server = new PeerProcess(program, serve)
  const processes = [server]
  try {
    const { port } = await server.next('listening')
    const client = new PeerProcess(program, connect(port as number))
    processes.push(client)
    const isIn = await Promise.race([client.next('connected'), client.next('refused')])
    if (isIn.event === 'refused') throw new Error('the library does not connect to itself')
    client.command({ cmd: 'bench', tag: job, job, ...args })
    const outcome = await Promise.race([client.next('measured'), client.next('failed')])
    if (outcome.event === 'failed') throw new Error(String(outcome['error']))
    return outcome as unknown as LibraryJobs[N]['result']
  } finally {
    await Promise.all(processes.map((each) => each.kill()))
  }
}
