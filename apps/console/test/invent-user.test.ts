import { expect, test } from 'vitest'
import { inventUser } from '../src/invent-user.ts'

test('an invented user has a password of five words that any server takes', () => {
  for (let users = 0; users < 200; users++) {
    const { username, password } = inventUser()
    expect(username).toMatch(/^[a-z]+-\d{4}$/)
    expect(password.split(' ')).toHaveLength(5)
    expect(password.length).toBeGreaterThanOrEqual(15)
  }
})

test('every word and number can be drawn', () => {
  expect(inventUser(() => 0)).toEqual({ username: 'amber-1000', password: 'amber amber amber amber amber' })
  expect(inventUser((limit) => limit - 1)).toEqual({
    username: 'wool-9999',
    password: 'wool wool wool wool wool',
  })
})
