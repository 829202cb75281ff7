import { afterEach, describe, expect, test } from 'vitest'
import { floodedByPython, floodPython } from './flood'
import { type InteropSession, overTcp, overTcpListen } from './session'

const COUNT = 1000
const IN_FLIGHT = 64
const ALL = { sent: COUNT, answered: COUNT, right: COUNT }

/** 10,000 of them in `npm run soak`. */
describe('1,000 requests with 64 in flight, none lost, each with its own answer', () => {
  let session: InteropSession
  afterEach(async () => {
    await session.close()
  })

  test('from us to Python, Python listens', async () => {
    session = await overTcp()
    expect(await floodPython(session, COUNT, IN_FLIGHT)).toEqual(ALL)
  })

  test('from us to Python, we listen', async () => {
    session = await overTcpListen()
    expect(await floodPython(session, COUNT, IN_FLIGHT)).toEqual(ALL)
  })

  test('from Python to us, Python listens', async () => {
    session = await overTcp()
    expect(await floodedByPython(session, COUNT, IN_FLIGHT)).toEqual(ALL)
  })

  test('from Python to us, we listen', async () => {
    session = await overTcpListen()
    expect(await floodedByPython(session, COUNT, IN_FLIGHT)).toEqual(ALL)
  })
})
