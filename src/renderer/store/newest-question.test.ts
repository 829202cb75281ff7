import { expect, test } from 'vitest'
import { settlePromises } from '../../testing/virtual-clock'
import { NewestQuestion } from './newest-question'

test('one question is under way at a time, and of those that came meanwhile only the newest is asked', async () => {
  const questions = new NewestQuestion()
  const asked: string[] = []
  const answers: (() => void)[] = []
  const question = (name: string) => () =>
    new Promise<void>((answered) => {
      asked.push(name)
      answers.push(answered)
    })
  for (const name of ['a', 'b', 'c']) questions.ask(question(name))
  expect(asked).toEqual(['a'])
  answers[0]!()
  await settlePromises()
  expect(asked).toEqual(['a', 'c'])
  answers[1]!()
  await settlePromises()
  questions.ask(question('d'))
  expect(asked).toEqual(['a', 'c', 'd'])
})
