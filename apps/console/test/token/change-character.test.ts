import { describe, expect, test } from 'vitest'
import { changeCharacter, changedPositions } from '../../src/token/change-character.ts'
import { partNames, splitToken } from '../../src/token/parts.ts'

const token = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZGEifQ.AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdEf'

describe('changing one character', () => {
  test.each(partNames)('of the %s changes that part alone, by one character of its alphabet', (name) => {
    for (const place of [0, 0.25, 0.5, 0.75, 0.999]) {
      const changed = changeCharacter(token, name, place)
      expect(changed).toHaveLength(token.length)
      expect(changed).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
      const positions = [...changedPositions(token, changed)]
      expect(positions).toHaveLength(1)
      const before = splitToken(token)
      const after = splitToken(changed)
      const touched = after
        .filter((part, index) => part.text !== before[index]?.text)
        .map((part) => part.name)
      expect(touched).toEqual([name])
    }
  })

  test('the last character of a part is never the one: its stray bits would not always count', () => {
    for (const name of partNames) {
      const changed = changeCharacter(token, name, 0.9999)
      for (const [index, part] of splitToken(changed).entries()) {
        expect(part.text.at(-1)).toBe(splitToken(token)[index]?.text.at(-1))
      }
    }
  })
})
