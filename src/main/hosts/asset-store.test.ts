import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hasCode } from '../../shared/errors'
import { AssetStore } from './asset-store'

let folder: string
let store: AssetStore

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'netcore-assets-'))
  mkdirSync(join(folder, 'page', 'assets'), { recursive: true })
  mkdirSync(join(folder, 'page-sibling'))
  writeFileSync(join(folder, 'secret.html'), 'secret')
  writeFileSync(join(folder, 'page-sibling', 'index.html'), 'sibling')
  writeFileSync(join(folder, 'page', 'index.html'), '<p>page</p>')
  writeFileSync(join(folder, 'page', 'assets', 'main.js'), 'run()')
  writeFileSync(join(folder, 'page', 'notes.pem'), 'not of the page')
  symlinkSync(join(folder, 'secret.html'), join(folder, 'page', 'link.html'))
  store = AssetStore.load(join(folder, 'page'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

test('answers the files of the page with their types', () => {
  const page = store.answer('/')
  expect(page.status === 200 && new TextDecoder().decode(page.asset.bytes)).toBe('<p>page</p>')
  expect(page.status === 200 && page.asset.contentType).toBe('text/html; charset=utf-8')
  const script = store.answer('/assets/main.js?v=2')
  expect(script.status === 200 && script.asset.contentType).toBe('text/javascript; charset=utf-8')
})

test.each([
  ['a file that does not exist', '/assets/other.js', 404],
  ['a link that leads outside', '/link.html', 404],
  ['a file of a kind the page does not use', '/notes.pem', 404],
  ['a folder', '/assets', 404],
  ['a sibling folder with the same beginning', '/../page-sibling/index.html', 400],
  ['an encoded sibling', '/%2e%2e/page-sibling/index.html', 400],
  ['the file above', '/..%2fsecret.html', 400],
])('gives nothing for %s', (_, path, status) => {
  expect(store.answer(path)).toEqual({ status })
})

test('a file that appears later is not served', () => {
  writeFileSync(join(folder, 'page', 'later.html'), 'later')
  expect(store.answer('/later.html')).toEqual({ status: 404 })
})

test.each(['missing', 'page/assets'])('a folder without a page (%s) is named in the error', (name) => {
  const load = (): unknown => AssetStore.load(join(folder, name))
  expect(load).toThrow(expect.objectContaining({ code: 'FILE_UNREADABLE' }))
  try {
    load()
  } catch (error) {
    expect(hasCode(error, 'FILE_UNREADABLE') && error.remedy).toContain('npm run build')
  }
})
