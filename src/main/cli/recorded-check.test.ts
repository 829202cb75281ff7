import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { utf8 } from '../../shared/bytes'
import { CliRun } from '../../testing/cli-run'
import { junitProblems } from '../../testing/junit-shape'
import { Capture } from '../capture/capture'
import { connect, type Listening, listen } from '../library/connect'
import { checkFromMessages } from '../operate/snippets/check-from-messages'

let folder = ''
const devices: Listening[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcore-check-'))
})
afterAll(async () => {
  for (const device of devices) await device.close()
  await rm(folder, { recursive: true, force: true })
})

/** A device with a configuration that answers what its firmware is. */
async function device(mtu: number): Promise<string> {
  let served = 0
  const listening = await listen('tcp-listen://127.0.0.1:0', {
    onPeer: (link) =>
      link.stack.onUnrouted(() => {
        served += 1
        return { body: utf8(`{"mtu":${mtu},"served":${served},"list":[{"id":"eth0"}]}`) }
      }),
  })
  devices.push(listening)
  return listening.peerUrl
}

/** What was seen of an exchange, asked twice, as a check in a file. */
async function checkOf(url: string): Promise<string> {
  const capture = new Capture()
  const link = await connect(url, { onTrace: capture.observe })
  for (let turn = 0; turn < 2; turn++)
    await link.request({ route: 'cfg.get', body: utf8('{"key":"net"}') }).answer
  const requests = capture.rows(0, 10).filter(({ kind }) => kind === 'request')
  const source = {
    detail: (id: number) => capture.detail(id),
    body: (id: number) => capture.body(id),
    previousOf: (id: number) => capture.previousOf(id),
  }
  const messageIds = [requests.at(-1)!.id]
  const { text } = checkFromMessages(source, { messageIds, chosen: {}, keepsWaits: false, title: '' })
  await link.close()
  const path = join(folder, 'check.yaml')
  await writeFile(path, text)
  return path
}

test('a recorded exchange runs as a check: green on the same device, red on another, and the report names the field', async () => {
  const url = await device(512)
  const path = await checkOf(url)
  const green = join(folder, 'green.xml')
  const passed = new CliRun(['run', path, url, '--junit', green])
  expect(await passed.exit).toBe(0)
  const greenXml = await readFile(green, 'utf8')
  expect(junitProblems(greenXml)).toEqual([])
  expect(greenXml).toContain('tests="5" failures="0" errors="0" skipped="0"')

  const red = join(folder, 'red.xml')
  const failed = new CliRun(['run', path, await device(1500), '--junit', red])
  expect(await failed.exit).toBe(5)
  const redXml = await readFile(red, 'utf8')
  expect(junitProblems(redXml)).toEqual([])
  expect(redXml).toContain('tests="5" failures="1" errors="0" skipped="1"')
  expect(redXml).toMatch(
    /<testcase name="4 [^"]*check body\.mtu == 512"[^>]*>\s*<failure message="[^"]*body\.mtu is 1500/,
  )
})

test('a report that is not as CI servers read it is told from one that is', () => {
  expect(junitProblems('<testsuites><testsuite><testcase/></testsuite></testsuites>').length).toBeGreaterThan(
    5,
  )
})
