import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiAccess } from './api-client.ts'
import { send } from './api-client.ts'

export interface ConformanceNamespace {
  readonly name: string
  remove(): Promise<void>
}

/** A namespace of its own for one run, with its service account, without which no pod is admitted. */
export async function createConformanceNamespace(access: ApiAccess): Promise<ConformanceNamespace> {
  const name = `podtank-conformance-${Date.now().toString(36)}`
  const ask = async (method: string, path: string, body?: object): Promise<number> => {
    const response = await send(access, {
      method,
      path,
      headers: body ? { 'content-type': 'application/json' } : {},
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    response.resume()
    return response.statusCode ?? 0
  }
  const code = await ask('POST', '/api/v1/namespaces', { metadata: { name } })
  if (code !== 201) throw new Error(`the namespace ${name} was answered with ${String(code)}`)
  const account = `/api/v1/namespaces/${name}/serviceaccounts/default`
  for (let tries = 0; (await ask('GET', account)) !== 200; tries += 1) {
    if (tries > 100) throw new Error('no service account came into being')
    await sleep(100)
  }
  return {
    name,
    remove: async () => {
      await ask('DELETE', `/api/v1/namespaces/${name}`)
    },
  }
}
