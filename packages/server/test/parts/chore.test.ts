import { expect, test } from 'vitest'
import { createChore } from '../../src/parts/chore.ts'

function setUp() {
  const lines: { level: string; fields: object; message: string }[] = []
  const note = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, fields, message })
  let fault: Error | undefined
  const chore = createChore(
    { info: note('info'), warn: note('warn'), error: note('error') },
    'looking',
    async () => {
      if (fault !== undefined) throw fault
    },
  )
  return { lines, chore, failWith: (error: Error | undefined) => void (fault = error) }
}

test('P9: a failure that goes on is told when it begins and when it is over, and not each time', async () => {
  const { lines, chore, failWith } = setUp()
  await chore()
  expect(lines).toEqual([])
  for (let round = 0; round < 2; round++) {
    failWith(new Error('the database was handed over'))
    for (let times = 0; times < 100; times++) await chore()
    failWith(undefined)
    for (let times = 0; times < 100; times++) await chore()
  }
  const began = {
    level: 'warn',
    fields: { err: 'Error: the database was handed over' },
    message: 'looking failed: it will be tried again',
  }
  const over = { level: 'info', fields: { failures: 100 }, message: 'looking works again' }
  expect(lines).toEqual([began, over, began, over])
})

test('another fault of the same failure is told once too, and of endlessly many the first eight', async () => {
  const { lines, chore, failWith } = setUp()
  for (const message of ['no answer', 'refused', 'no answer', 'starting', 'refused']) {
    failWith(new Error(message))
    await chore()
  }
  expect(lines.map(({ fields }) => fields)).toEqual(
    ['no answer', 'refused', 'starting'].map((message) => ({ err: `Error: ${message}` })),
  )
  for (let count = 0; count < 100; count++) {
    failWith(new Error(`fault ${count}`))
    await chore()
  }
  expect(lines).toHaveLength(8)
})
