// What needs Node: the server, embedded and stand-alone, the command, and the guard in Express and Fastify.
import * as cli from '@tessera/cli'
import { guard as expressGuard } from '@tessera/guard/express'
import { guard as fastifyGuard } from '@tessera/guard/fastify'
import { createTokenServer, defineConfig } from '@tessera/server'

export async function serve(request: Request): Promise<Response> {
  const config = defineConfig({ issuer: 'https://id.example', database: 'sqlite::memory:', secrets: ['s'] })
  const server = createTokenServer(config)
  // @ts-expect-error a misspelt setting
  defineConfig({ isuer: 'https://id.example' })
  void [expressGuard, fastifyGuard, cli]
  return server.handle(request)
}
