/** Changes of bodies: members, text, bytes. */
import fc from 'fast-check'
import { changeMember, jsonOf } from './change-member.ts'
import type { Mutation } from './mutation.ts'
import { named } from './mutation.ts'
import { oddText, oddValue } from './values.ts'

const index = fc.nat({ max: 12 })

const memberNames = fc.constantFrom(
  '__proto__',
  'constructor',
  'toString',
  'id',
  'roles',
  'scope',
  'sub',
  'disabled',
  'password_hash',
  'grant_type',
  'access_token',
  'client_secret',
  '',
)

export const bodyMutations: readonly fc.Arbitrary<Mutation>[] = [
  fc
    .tuple(index, oddValue)
    .map(([at, value]) => named('member set', (it) => changeMember(it, at, (name) => [[name, value]]))),
  index.map((at) => named('member left out', (it) => changeMember(it, at, () => []))),
  fc.tuple(index, memberNames, oddValue).map(([at, extra, value]) =>
    named('member added', (it) =>
      changeMember(it, at, (name) => [
        [name, jsonOf(it)?.[name] ?? 'x'],
        [extra, value],
      ]),
    ),
  ),
  fc.tuple(index, oddValue).map(([at, value]) =>
    named('member twice', (it) =>
      changeMember(it, at, (name) => [
        [name, jsonOf(it)?.[name] ?? 'x'],
        [name, value],
      ]),
    ),
  ),
  fc.constant(named('in a list', (it) => ({ ...it, body: `[${it.body ?? ''}]` }))),
  fc.constant(named('a byte order mark', (it) => ({ ...it, body: `\ufeff${it.body ?? ''}` }))),
  fc
    .nat({ max: 200 })
    .map((length) => named('body cut', (it) => ({ ...it, body: (it.body ?? '').slice(0, length) }))),
  fc.tuple(fc.nat({ max: 200 }), oddText).map(([at, text]) =>
    named('text put in', (it) => ({
      ...it,
      body: `${(it.body ?? '').slice(0, at)}${text}${(it.body ?? '').slice(at)}`,
    })),
  ),
  fc.uint8Array({ maxLength: 40 }).map((bytes) =>
    named('broken UTF-8', (it) => ({
      ...it,
      bytes: Buffer.concat([Buffer.from(it.body ?? ''), Buffer.from([0xff, 0xc0]), bytes]),
    })),
  ),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => named('other bytes', (it) => ({ ...it, bytes }))),
  fc.constant(named('no body', (it) => ({ ...it, body: undefined }))),
  fc.constant(named('an empty body', (it) => ({ ...it, body: '' }))),
  fc
    .constantFrom(65_536, 65_537, 200_000)
    .map((length) =>
      named(`${length} bytes`, (it) => ({ ...it, body: (it.body ?? '').padEnd(length, ' ') })),
    ),
  fc
    .constantFrom(20, 500, 20_000)
    .map((depth) =>
      named(`${depth} deep`, (it) => ({ ...it, body: `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}` })),
    ),
  fc.constantFrom(100, 3000, 15_000).map((depth) =>
    named(`${depth} deep in a member`, (it) => ({
      ...it,
      body: (it.body ?? '').replace(/\{(?=[^{]*$)/, `{"deep":${'['.repeat(depth)}${']'.repeat(depth)},`),
    })),
  ),
  fc
    .constantFrom(
      '&&',
      '=',
      '&=x',
      '&%zz=1',
      '&token=%ff',
      '&token=%00',
      '&scope=a+b',
      '&grant_type=password',
      '&a[]=1',
      '%',
    )
    .map((text) => named('form text', (it) => ({ ...it, body: `${it.body ?? ''}${text}` }))),
]
