import { expect, test } from 'vitest'
import { EXTERNAL_HOSTS, externalUrl } from './external-links'

const HOSTS = ['docs.example', 'pypi.org']

test.each([
  ['https://docs.example/a?b#c', 'https://docs.example/a?b#c'],
  ['HTTPS://DOCS.EXAMPLE', 'https://docs.example/'],
  ['https://pypi.org:443/project/x', 'https://pypi.org/project/x'],
  ['  https://pypi.org/ ', 'https://pypi.org/'],
])('%s is opened as %s', (text, url) => {
  expect(externalUrl(text, HOSTS)).toBe(url)
})

test.each([
  'http://docs.example/',
  'file:///etc/passwd',
  'smb://docs.example/share',
  'javascript:alert(1)',
  'data:text/html,x',
  '\\\\docs.example\\share',
  '//docs.example/',
  'https://docs.example.evil.example/',
  'https://evil.example/docs.example',
  'https://docs.example@evil.example/',
  'https://user:secret@docs.example/',
  'https://docs.example:8443/',
  'https://dоcs.example/', // the second letter is Cyrillic
  'https://sub.docs.example/',
  'https://docs.example./',
  'ms-msdt:/id',
  'app://console/index.html',
  'https://',
  '',
])('%s is refused', (text) => {
  expect(externalUrl(text, HOSTS)).toBeUndefined()
})

test('the hosts in use are plain names', () => {
  for (const host of EXTERNAL_HOSTS) expect(externalUrl(`https://${host}/`)).toBe(`https://${host}/`)
})
