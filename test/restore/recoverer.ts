/** A process that puts back what dead runs left in a namespace; to be killed at any of its calls. It says what it could not. */
import { apiClient } from '../../src/cluster/api-client.ts'
import { restoreNamespace } from '../../src/cluster/restore/restore-namespace.ts'

const [apiUrl = '', namespace = ''] = process.argv.slice(2)
const restored = await restoreNamespace({
  client: apiClient(apiUrl, () => Promise.resolve()),
  namespace,
  by: `recoverer-${process.pid}`,
  foreign: 'leave',
  tryForMs: 60_000,
  silenceMs: 0,
  signal: new AbortController().signal,
})
const isClean = restored.ok && restored.value.leftovers.every((one) => one.isClean)
if (!isClean) process.stdout.write(JSON.stringify(restored))
process.exit(isClean ? 0 : 12)
