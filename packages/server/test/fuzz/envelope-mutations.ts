/** Changes of what stands around a body: headers, target, method. */
import fc from 'fast-check'
import type { Mutation } from './mutation.ts'
import { named } from './mutation.ts'
import type { FuzzRequest } from './request.ts'

function withHeader(request: FuzzRequest, name: string, value: string | undefined): FuzzRequest {
  const others = request.headers.filter(([known]) => known !== name)
  return { ...request, headers: value === undefined ? others : [...others, [name, value]] }
}

export const headerMutations: readonly fc.Arbitrary<Mutation>[] = [
  fc
    .constantFrom(
      undefined,
      '',
      'text/plain',
      'application/json; charset=utf-16',
      'APPLICATION/JSON',
      'application/json;',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/json, text/plain',
      'x'.repeat(4000),
    )
    .map((type) => named(`type ${String(type).slice(0, 40)}`, (it) => withHeader(it, 'content-type', type))),
  fc
    .constantFrom(
      undefined,
      '',
      'Bearer',
      'Bearer ',
      'Bearer a b',
      'bearer {{ada.access}}',
      'BEARER {{ada.access}}',
      'Bearer  {{ada.access}}',
      'Bearer {{ada.access}}, Bearer {{bo.access}}',
      'Basic',
      'Basic !!!',
      'Basic Og==',
      'Basic YQ==',
      'Basic YTolZmY=',
      'basic {{billing.basic}}',
      'Digest x',
      'DPoP {{ada.access}}',
      `Bearer ${'a.'.repeat(9000)}`,
      'Bearer ..',
      'Bearer e30.e30.',
      'Bearer \xff',
    )
    .map((value) =>
      named(`authorization ${String(value).slice(0, 40)}`, (it) => withHeader(it, 'authorization', value)),
    ),
  fc
    .tuple(
      fc.constantFrom(
        'x-forwarded-for',
        'forwarded',
        'cookie',
        'origin',
        'tessera-transport',
        'idempotency-key',
        'last-event-id',
        'if-none-match',
        'accept',
        'user-agent',
        'x-http-method-override',
        'content-encoding',
        'access-control-request-method',
        'range',
        'x-request-id',
        'dpop',
        'host',
      ),
      fc.oneof(
        headerText(),
        fc.constantFrom(
          '',
          'null',
          '{{ada.access}}',
          '{{ada.refresh}}',
          '__Host-tessera={{ada.refresh}}',
          '__Host-tessera=',
          '127.0.0.1',
          'gzip',
          'DELETE',
          'bytes=0-1',
          'x'.repeat(8000),
          '*',
        ),
      ),
    )
    .map(([name, value]) => named(name, (it) => withHeader(it, name, value))),
]

/** What a header can hold, in process and on the wire. */
function headerText(): fc.Arbitrary<string> {
  return fc.string({
    unit: fc
      .integer({ min: 0x20, max: 0xff })
      .filter((code) => code !== 0x7f)
      .map((code) => String.fromCharCode(code)),
    maxLength: 60,
  })
}

export const targetMutations: readonly fc.Arbitrary<Mutation>[] = [
  fc
    .constantFrom(
      '%00',
      '%',
      '%zz',
      '%ff',
      '%2e%2e',
      '%2f',
      '..',
      '.',
      '~',
      '*',
      'x'.repeat(3000),
      '{{ada.access}}',
      '{{ada.refresh}}',
      '{{ticket}}',
      '%F0%9F%98%80',
      '%ed%a0%80',
      'a%00b',
      ' ',
      "'",
      '__proto__',
      'constructor',
    )
    .map((part) =>
      named(`path part ${part.slice(0, 20)}`, (it) => ({
        ...it,
        target: it.target.replace(/[^/?]+(?=$|\?|\/disable|\/sessions$)/, () => part),
      })),
    ),
  fc.constantFrom('/', '//', '/%2e', '/x', ';a=b', '%20').map((end) =>
    named(`path ${end}`, (it) => ({
      ...it,
      target: it.target.replace(/(\?|$)/, (found) => `${end}${found}`),
    })),
  ),
  fc
    .constantFrom('/', '/x', '//', '/auth')
    .map((start) => named(`below ${start}`, (it) => ({ ...it, target: `${start}${it.target}` }))),
  fc
    .tuple(
      fc.constantFrom(
        'since',
        'after',
        'limit',
        'user_id',
        'access_token',
        'token',
        'password',
        '__proto__',
        'a[b]',
        '',
      ),
      fc.constantFrom(
        '',
        '%',
        '%00',
        '%ff',
        '%ed%a0%80',
        '1',
        '-1',
        'x'.repeat(3000),
        '{{ada.access}}',
        '{{ada.refresh}}',
        '[]',
        '%F0%9F%98%80',
        "'",
        '1;drop table users',
      ),
    )
    .map(([name, value]) =>
      named(`query ${name}`, (it) => ({
        ...it,
        target: `${it.target}${it.target.includes('?') ? '&' : '?'}${name}=${value}`,
      })),
    ),
]

export const methodMutations: readonly fc.Arbitrary<Mutation>[] = [
  fc
    .constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'BREW', 'get', 'hasOwnProperty')
    .map((method) => named(method, (it) => ({ ...it, method }))),
  fc
    .constantFrom('https://app.example.test', 'https://evil.example.test', 'null')
    .map((origin) =>
      named('preflight', (it) =>
        withHeader(
          withHeader({ ...it, method: 'OPTIONS' }, 'origin', origin),
          'access-control-request-method',
          'POST',
        ),
      ),
    ),
]
