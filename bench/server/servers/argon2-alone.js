// @ts-check
/** A login that does nothing but compare the password: what Argon2 lets through. */
import { createServer } from 'node:http'
import { requireStatus } from '../client.js'

export async function start() {
  const { hashPassword, verifyPassword } = await import('../argon2.js')
  const password = 'correct horse battery staple'
  const phc = await hashPassword(password)
  const server = createServer((_request, response) => {
    void verifyPassword(phc, password).then(() => response.end('ok'))
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve({ port: /** @type {any} */ (server.address()).port }))
  })
}

/** @type {import('../client.js').Client} */
export const client = {
  login: async (call) => {
    requireStatus(await call({ path: '/' }), 200)
    return {}
  },
}
