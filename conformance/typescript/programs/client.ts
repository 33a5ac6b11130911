// The client in a page.
import { createClient, isClientError, memoryStorage } from '@tessera/client'

export async function page(): Promise<number> {
  const client = createClient({
    issuer: 'https://id.example',
    origins: ['https://api.example'],
    storage: memoryStorage(),
  })
  await client.login({ username: 'u', password: 'p' })
  // @ts-expect-error a password is needed
  await client.login({ username: 'u' })
  // @ts-expect-error a misspelt option
  createClient({ isuer: 'https://id.example', origins: [] })
  try {
    return (await client.fetch('https://api.example/orders')).status
  } catch (error) {
    if (isClientError(error)) return error.code.length
    throw error
  } finally {
    await client.logout()
  }
}
