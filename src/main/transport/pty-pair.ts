import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { ConsoleError } from '../../shared/errors'
import { openCancelled } from './open-abort'

const MOST_ERROR_CHARACTERS = 2000
const PTY = /^pty:/i
const NAME = 'a pair of pseudo-terminals'

/** Two serial ports of this machine, joined by a cable of software. */
export interface PtyPair {
  /** What we open. */
  readonly ours: string
  /** What the other program opens, as often as it likes. */
  readonly theirs: string
  /** Lets the other program read what is on its way, for two seconds at most; both paths are gone then. */
  close(): Promise<void>
}

/** Asks for a serial port that is made for the run, with the options of `serial:`. */
export const isPtyUrl = (url: string): boolean => PTY.test(url)

/** What such an address means once there is a port. */
export const ptyAt = (url: string, path: string): string => url.replace(PTY, () => `serial:${path}`)

/**
 * Makes a pair of pseudo-terminals. Node has no call for that, and each module that has one brings a part to be compiled;
 * Python has it, and is there wherever the Python Netcore is. The pair lives as long as that process of ours, which ends with
 * this one.
 *
 * @param python - The program; default `python3`, looked for as the system does.
 * @throws ConsoleError `PTY_UNAVAILABLE`: no Python 3, or a system without pseudo-terminals; `LINK_OPEN_CANCELLED`.
 */
export function openPtyPair(signal?: AbortSignal, python = 'python3'): Promise<PtyPair> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(openCancelled(NAME))
      return
    }
    // its standard input says when to end: it closes with us, however we end
    const child = spawn(python, ['-c', CABLE], { stdio: ['pipe', 'pipe', 'pipe'] })
    const exited = new Promise<void>((resolveExit) => child.once('close', () => resolveExit()))
    let errors = ''
    child.stderr.on(
      'data',
      (data: Buffer) => (errors = (errors + data.toString()).slice(-MOST_ERROR_CHARACTERS)),
    )
    child.stdin.on('error', () => undefined)
    const close = async (): Promise<void> => {
      child.stdin.end()
      await exited
    }
    const aborted = (): void => {
      void close()
      reject(openCancelled(NAME))
    }
    signal?.addEventListener('abort', aborted, { once: true })
    const unavailable = (reason: string, cause?: Error): void =>
      reject(new ConsoleError('PTY_UNAVAILABLE', `no pseudo-terminals: ${reason}`, {}, { cause }))
    child.once('error', (error) => unavailable(`"${python}" does not start (${error.message})`, error))
    child.once('close', (code) =>
      unavailable(errors.trim().split('\n').at(-1) || `Python ended with ${code}`),
    )
    createInterface({ input: child.stdout }).once('line', (line) => {
      signal?.removeEventListener('abort', aborted)
      const [ours = '', theirs = ''] = line.split('\t')
      resolve({ ours, theirs, close })
    })
  })
}

/**
 * Carries bytes between two terminals in raw mode, which it keeps open while nobody else has them open. At the end of its input
 * it waits until what is under way was read: with a terminal goes what is in it.
 */
const CABLE = `
import array, fcntl, os, pty, select, termios, time, tty
ends = [pty.openpty(), pty.openpty()]
for master, slave in ends:
    tty.setraw(slave)
    os.set_blocking(master, False)
print("\\t".join(os.ttyname(slave) for _, slave in ends), flush=True)
masters = [master for master, _ in ends]
other = {masters[0]: masters[1], masters[1]: masters[0]}
waiting = {master: b"" for master in masters}
closing = None

def unread(slave):
    count = array.array("i", [0])
    fcntl.ioctl(slave, termios.FIONREAD, count)
    return count[0]

while True:
    reads = [master for master in masters if not waiting[other[master]]]
    if closing is None:
        reads.append(0)
    writes = [master for master in masters if waiting[master]]
    readable, writable, _ = select.select(reads, writes, [], None if closing is None else 0.02)
    for master in masters:
        if master in readable:
            waiting[other[master]] = os.read(master, 65536)
        if master in writable:
            waiting[master] = waiting[master][os.write(master, waiting[master]):]
    if closing is None:
        if 0 in readable and not os.read(0, 4096):
            closing = time.monotonic() + 2
    elif time.monotonic() > closing or not (readable or any(waiting.values()) or unread(ends[1][1])):
        break
`
