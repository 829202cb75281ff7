import { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'
import { PAGE_URL } from './app-scheme'
import { type GuardedContents, guardContents } from './navigation-guard'
import { type GuardedSession, guardSession } from './permissions'

/** Emits events as Electron does and tells whether somebody prevented them. */
class Emitter extends EventEmitter {
  isPrevented(name: string, details: object = {}, ...rest: unknown[]): boolean {
    let prevented = false
    this.emit(name, { ...details, preventDefault: () => (prevented = true) }, ...rest)
    return prevented
  }
}

describe('navigation', () => {
  type OpenHandler = Parameters<GuardedContents['setWindowOpenHandler']>[0]

  function guarded() {
    const opened: string[] = []
    let openHandler: OpenHandler | undefined
    const contents = Object.assign(new Emitter(), {
      setWindowOpenHandler: (handler: OpenHandler) => (openHandler = handler),
    })
    guardContents(contents as unknown as GuardedContents, (url) => opened.push(url))
    const open = (url: string) => openHandler?.({ url } as Parameters<OpenHandler>[0])
    return { contents, open, opened }
  }

  test.each([
    'https://evil.example/',
    'app://console/other.html',
    'app://evil/index.html',
    'file:///x',
    'about:blank',
  ])('to %s is prevented', (url) => {
    const { contents } = guarded()
    expect(contents.isPrevented('will-navigate', { url })).toBe(true)
    expect(contents.isPrevented('will-frame-navigate', { url, isMainFrame: true })).toBe(true)
    expect(contents.isPrevented('will-redirect', { url })).toBe(true)
  })

  test('reloading the page is allowed, in the main frame only', () => {
    const { contents } = guarded()
    expect(contents.isPrevented('will-navigate', { url: PAGE_URL })).toBe(false)
    expect(contents.isPrevented('will-frame-navigate', { url: PAGE_URL, isMainFrame: true })).toBe(false)
    expect(contents.isPrevented('will-frame-navigate', { url: PAGE_URL, isMainFrame: false })).toBe(true)
  })

  test('redirects and webviews are always prevented', () => {
    const { contents } = guarded()
    expect(contents.isPrevented('will-redirect', { url: PAGE_URL })).toBe(true)
    expect(contents.isPrevented('will-attach-webview')).toBe(true)
  })

  test('no window opens; a known link goes to the system browser', () => {
    const { open, opened } = guarded()
    expect(open('https://evil.example/')).toEqual({ action: 'deny' })
    expect(open(PAGE_URL)).toEqual({ action: 'deny' })
    expect(open('https://pypi.org/project/netcore/')).toEqual({ action: 'deny' })
    expect(opened).toEqual(['https://pypi.org/project/netcore/'])
  })
})

describe('permissions', () => {
  const REFUSED = [
    'serial',
    'hid',
    'usb',
    'media',
    'geolocation',
    'midi',
    'midiSysex',
    'pointerLock',
    'fullscreen',
    'openExternal',
    'clipboard-read',
    'display-capture',
    'fileSystem',
    'idle-detection',
    'window-management',
    'unknown',
    'local-network',
    'keyboardLock',
    'persistent-storage',
    'sensors',
    'storage-access',
    'something-new',
  ] as const

  function guarded() {
    const handlers: Record<string, (...args: never[]) => unknown> = {}
    const keep = (name: string) => (handler: (...args: never[]) => unknown) => (handlers[name] = handler)
    const session = Object.assign(new Emitter(), {
      setPermissionRequestHandler: keep('request'),
      setPermissionCheckHandler: keep('check'),
      setDevicePermissionHandler: keep('device'),
      setDisplayMediaRequestHandler: keep('media'),
    })
    guardSession(session as unknown as GuardedSession)
    const call = (name: string, ...args: unknown[]): unknown => handlers[name]?.(...(args as never[]))
    const isRequestGranted = (permission: string, url = PAGE_URL, isMainFrame = true): unknown => {
      let answer: unknown
      const details = { requestingUrl: url, isMainFrame }
      call('request', null, permission, (given: unknown) => (answer = given), details)
      return answer
    }
    const isChecked = (permission: string, url = PAGE_URL, isMainFrame = true): unknown =>
      call('check', null, permission, url, { isMainFrame })
    return { session, call, isRequestGranted, isChecked }
  }

  test.each(REFUSED)('%s is refused, asked or checked', (permission) => {
    const { isChecked, isRequestGranted } = guarded()
    expect(isRequestGranted(permission)).toBe(false)
    expect(isChecked(permission)).toBe(false)
  })

  test('writing to the clipboard and notifying are the only permissions', () => {
    const { isChecked, isRequestGranted } = guarded()
    for (const permission of ['clipboard-sanitized-write', 'notifications']) {
      expect(isRequestGranted(permission)).toBe(true)
      expect(isChecked(permission)).toBe(true)
    }
    expect(isChecked('notifications', 'app://console')).toBe(true) // an origin, as Electron gives it
  })

  test.each(['https://evil.example/', 'app://evil/', 'https://console/', 'file:///x', '', 'null'])(
    '%s may not notify',
    (url) => {
      const { isChecked, isRequestGranted } = guarded()
      expect(isRequestGranted('notifications', url)).toBe(false)
      expect(isChecked('notifications', url)).toBe(false)
    },
  )

  test('a frame within our page may not notify', () => {
    const { isChecked, isRequestGranted } = guarded()
    expect(isRequestGranted('notifications', PAGE_URL, false)).toBe(false)
    expect(isChecked('notifications', PAGE_URL, false)).toBe(false)
  })

  test('devices and screens are never given', () => {
    const { session, call } = guarded()
    const answers: unknown[] = []
    const answer = (...given: unknown[]): number => answers.push(given[0])
    expect(call('device', { deviceType: 'serial' })).toBe(false)
    call('media', {}, answer)
    expect(session.isPrevented('select-serial-port', {}, [{ portId: 'a' }], {}, answer)).toBe(true)
    expect(session.isPrevented('select-hid-device', {}, {}, answer)).toBe(true)
    expect(session.isPrevented('select-usb-device', {}, {}, answer)).toBe(true)
    expect(answers).toEqual([null, '', null, undefined])
  })

  test('downloads are prevented', () => {
    expect(guarded().session.isPrevented('will-download')).toBe(true)
  })
})
