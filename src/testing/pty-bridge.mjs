// Child process of pty.ts: holds pseudo-terminals. Its end is the unplugging of the device, and no read or write of one
// end can block the process that uses the other. It sends { paths } to its parent over the IPC channel, then either
// joins two masters or gives its one master as stdin and stdout.
import { constants, openSync, writeSync } from 'node:fs'
import { Writable } from 'node:stream'
import { open } from '@lydell/node-pty'

/** Opens a pseudo-terminal in raw mode and keeps its slave side open without reading from it. */
function openMaster() {
  const { master, slave, fd, ptsName } = open({ encoding: null })
  // A second descriptor keeps the terminal alive while no program has it open: else the master fails with EIO. The
  // stream of the library reads and would steal bytes, so it goes as soon as raw mode is set.
  openSync(ptsName, constants.O_RDWR | constants.O_NOCTTY)
  slave.setRawMode(true)
  slave.destroy()
  return { path: ptsName, source: master, sink: sinkOf(fd) }
}

/**
 * Writes to a master without blocking. The library's own stream spins inside write() while the terminal is full, and
 * nobody would read meanwhile: two programs that both write would wait for each other for ever. Node cannot poll a
 * descriptor, so a full terminal is tried again every millisecond.
 */
function sinkOf(fd) {
  const write = (chunk, at, done) => {
    try {
      while (at < chunk.length) at += writeSync(fd, chunk, at)
    } catch (error) {
      if (error.code !== 'EAGAIN') return done(error)
      return setTimeout(write, 1, chunk, at, done)
    }
    return done()
  }
  return new Writable({ highWaterMark: 4096, write: (chunk, _encoding, done) => write(chunk, 0, done) })
}

const end = () => process.exit(0)
const masters = process.argv[2] === 'pair' ? [openMaster(), openMaster()] : [openMaster()]
const [first, second] = masters
for (const { source, sink } of masters) {
  source.on('error', end)
  sink.on('error', end)
}
if (second === undefined) {
  process.stdin.pipe(first.sink)
  first.source.pipe(process.stdout)
} else {
  first.source.pipe(second.sink)
  second.source.pipe(first.sink)
}
process.stdout.on('error', end)
process.on('disconnect', end)
process.send({ paths: masters.map(({ path }) => path) })
