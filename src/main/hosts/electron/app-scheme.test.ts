import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AssetStore } from '../asset-store'
import { contentPolicy } from '../content-policy'
import { answerAppRequest, APP_SCHEME, isOwnUrl, isPageUrl, PAGE_URL } from './app-scheme'
import { isOurMainFrame } from './frame-trust'

let folder: string
let assets: AssetStore

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'netcore-scheme-'))
  mkdirSync(join(folder, 'renderer', 'assets'), { recursive: true })
  mkdirSync(join(folder, 'renderer-old'))
  writeFileSync(join(folder, 'renderer', 'index.html'), '<p>page</p>')
  writeFileSync(join(folder, 'renderer', 'assets', 'main.js'), 'run()')
  writeFileSync(join(folder, 'renderer-old', 'index.html'), 'old')
  assets = AssetStore.load(join(folder, 'renderer'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

const ask = (url: string, method = 'GET'): Response => answerAppRequest({ url, method }, assets)

describe('app scheme', () => {
  test('asks for no privilege beyond a standard, secure scheme', () => {
    expect(APP_SCHEME).toEqual({
      scheme: 'app',
      privileges: { standard: true, secure: true, supportFetchAPI: true },
    })
  })

  test.each([
    PAGE_URL,
    'app://console/',
    'app://console',
    'app://console/?x',
    'app://console/index.html#part',
  ])('serves the page for %s under the policy', async (url) => {
    const answer = ask(url)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toBe('<p>page</p>')
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(answer.headers.get('content-security-policy')).toBe(contentPolicy())
  })

  test('serves scripts with their type and HEAD without a body', async () => {
    expect(ask('app://console/assets/main.js').headers.get('content-type')).toBe(
      'text/javascript; charset=utf-8',
    )
    expect(await ask('app://console/assets/main.js', 'HEAD').text()).toBe('')
  })

  test.each([
    ['a parent', 'app://console/../renderer-old/index.html', 400],
    ['an encoded parent', 'app://console/%2e%2e/renderer-old/index.html', 400],
    ['a backslash', 'app://console/..\\renderer-old\\index.html', 400],
    ['an absolute path', 'app://console//etc/passwd', 400],
    ['a drive', 'app://console/C:/x', 400],
    ['NUL', 'app://console/index.html%00', 400],
    ['a broken escape', 'app://console/%', 400],
    ['a missing file', 'app://console/nothing.js', 404],
    ['another host', 'app://other/index.html', 400],
    ['a host that begins like ours', 'app://console.evil/index.html', 400],
    ['a port', 'app://console:80/index.html', 400],
    ['credentials', 'app://user:secret@console/index.html', 400],
    ['no host', 'app:/index.html', 400],
    ['another scheme', 'file:///etc/passwd', 400],
    ['no address', '', 400],
  ])('refuses %s and still names its policy', (_, url, status) => {
    const answer = ask(url)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-security-policy')).toBe(contentPolicy())
  })

  test('only GET and HEAD are ways to ask', () => {
    expect(ask(PAGE_URL, 'POST').status).toBe(405)
  })

  test.each([
    ['app://console/index.html', true],
    ['app://console', true],
    ['app://other/', false],
    ['app://console.evil/', false],
    ['https://console/', false],
    ['app:console', false],
    ['about:blank', false],
    ['null', false],
    ['', false],
  ])('%s is ours: %s', (url, isOurs) => {
    expect(isOwnUrl(url)).toBe(isOurs)
  })

  test('only the page itself counts as the page', () => {
    expect(isPageUrl('app://console/index.html#x')).toBe(true)
    expect(isPageUrl('app://console/index.html?x')).toBe(false)
    expect(isPageUrl('app://console/other.html')).toBe(false)
  })
})

describe('sender of a request', () => {
  const page = { parent: null, url: PAGE_URL }

  test('the main frame of our page is trusted', () => {
    expect(isOurMainFrame(page)).toBe(true)
  })

  test.each([
    ['a frame that is gone', null],
    ['a sub-frame of our page', { parent: page, url: PAGE_URL }],
    ['a foreign page', { parent: null, url: 'https://console/index.html' }],
    ['our scheme on another host', { parent: null, url: 'app://evil/index.html' }],
    ['an empty page', { parent: null, url: 'about:blank' }],
    ['no address', { parent: null, url: '' }],
  ])('%s is not', (_, frame) => {
    expect(isOurMainFrame(frame)).toBe(false)
  })
})
