import { expect, test } from 'vitest'
import { ERROR_CATALOGUE } from './catalogue'
import { contractErrors } from './catalogue/contract-errors'
import { exchangeErrors } from './catalogue/exchange-errors'
import { framingErrors } from './catalogue/framing-errors'
import { inputErrors } from './catalogue/input-errors'
import { serviceErrors } from './catalogue/service-errors'
import { transportErrors } from './catalogue/transport-errors'

test('no code stands in two parts of the catalogue', () => {
  const parts = [transportErrors, framingErrors, exchangeErrors, contractErrors, inputErrors, serviceErrors]
  const codes = parts.flatMap((part) => Object.keys(part))
  expect(codes.filter((code, at) => codes.indexOf(code) !== at)).toEqual([])
  expect(codes.sort()).toEqual(Object.keys(ERROR_CATALOGUE).sort())
})

test('every remedy is a sentence, or ends with the command that helps', () => {
  const remedies = Object.values(ERROR_CATALOGUE).map(({ remedy }) => remedy)
  expect(remedies.filter((remedy) => !/^[A-Z"].*([.]|netcore .*|[*])$/s.test(remedy))).toEqual([])
})
