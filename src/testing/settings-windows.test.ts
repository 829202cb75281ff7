import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createStore, type StoreApi } from 'zustand'
import { type BuiltConsole, buildConsole } from '../main/build-console'
import { serveContract } from '../main/hosts/contract-server'
import { type AppState, createAppState } from '../renderer/store/app-store'
import { SettingsFiles } from '../renderer/store/settings-files'
import { createContractClient } from '../shared/contract/contract-client'
import { createChannelPair } from './channel-pair'

/** Two windows on one real core. Only pixels are missing. */
interface Window {
  readonly store: StoreApi<AppState>
  readonly settings: SettingsFiles
}

let folder: string
let core: BuiltConsole
const closings: (() => void)[] = []
const until = (claim: () => void): Promise<void> => vi.waitFor(claim, { timeout: 8000, interval: 10 })

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcore-settings-'))
  core = buildConsole({
    host: 'web',
    workspaceDir: folder,
    onProblem: (problem) => {
      throw problem
    },
  })
})

afterEach(async () => {
  for (const close of closings.splice(0)) close()
  await core.close()
  await rm(folder, { recursive: true, force: true })
})

function openWindow(): Window {
  const [ours, theirs] = createChannelPair()
  closings.push(() => theirs.close())
  serveContract(theirs, core.console, core.clock)
  const store = createStore<AppState>()(createAppState)
  const settings = new SettingsFiles(createContractClient(ours), store)
  settings.start()
  return { store, settings }
}

const keysOf = ({ store }: Window): AppState['boundKeys'] => store.getState().boundKeys

test('what one window binds the other has', async () => {
  const [one, two] = [openWindow(), openWindow()]
  await one.settings.saveKeys({ letters: false, keys: { 'view.pause': ['F9'] } })
  await until(() => expect(keysOf(two)).toEqual({ 'view.pause': ['F9'] }))
  expect(two.store.getState().areLettersOff).toBe(true)
})

test('of two that write at once the second is told, sees what the first wrote, and can write again', async () => {
  const [one, two] = [openWindow(), openWindow()]
  const first = one.settings.saveKeys({ letters: true, keys: { 'view.pause': ['F9'] } })
  const second = two.settings.saveKeys({ letters: true, keys: { 'app.help': ['F1'] } })
  await first
  await expect(second).rejects.toMatchObject({ code: 'WORKSPACE_CONFLICT' })
  expect(keysOf(two)).toEqual({ 'view.pause': ['F9'] })
  await two.settings.saveKeys({ letters: true, keys: { ...keysOf(two), 'app.help': ['F1'] } })
  await until(() => expect(keysOf(one)).toEqual({ 'view.pause': ['F9'], 'app.help': ['F1'] }))
})

test('a mistake by hand is told and is not overwritten; what held goes on', async () => {
  const window = openWindow()
  await window.settings.saveKeys({ letters: true, keys: { 'view.pause': ['F9'] } })
  const file = join(folder, 'settings', 'keys.yaml')
  const mistaken = 'keys:\n  view.pause: 7 # nine?\n'
  await writeFile(file, mistaken)
  await until(() => expect(window.store.getState().settingsProblems['keys']).toMatchObject({ line: 2 }))
  expect(keysOf(window)).toEqual({ 'view.pause': ['F9'] })
  await expect(window.settings.saveKeys({ letters: true, keys: {} })).rejects.toMatchObject({
    message: expect.stringContaining('line 2') as string,
  })
  expect(await readFile(file, 'utf8')).toBe(mistaken)
  await writeFile(file, 'keys:\n  view.pause: F8 # eight\n')
  await until(() => expect(keysOf(window)).toEqual({ 'view.pause': ['F8'] }))
  expect(window.store.getState().settingsProblems).toEqual({})
  await window.settings.saveKeys({ letters: true, keys: { 'view.pause': ['F7'] } })
  expect(await readFile(file, 'utf8')).toContain('view.pause: F7 # eight')
})
