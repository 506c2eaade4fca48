import { delimiter, join } from 'node:path'
import { stringify } from 'yaml'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connect, type ConnectOptions } from '../../../src/cluster/connect.ts'
import { testTls } from '../../support/tls/certificate.ts'
import { fakeApi, type FakeApi } from './fake-api.ts'
import { type KubeconfigFolder, kubeconfigFolder } from './kubeconfig-folder.ts'

let folder: KubeconfigFolder
let api: FakeApi
let server: string

beforeEach(async () => {
  folder = kubeconfigFolder()
  api = await fakeApi()
  server = `https://127.0.0.1:${api.port}`
})

afterEach(async () => {
  folder.remove()
  await api.close()
})

async function connected(options: ConnectOptions) {
  const result = await connect({ place: folder.place(), ...options })
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}

async function problemOf(options: ConnectOptions) {
  const result = await connect({ place: folder.place(), ...options })
  if (result.ok) throw new Error('it connected')
  return result.error
}

const lastToken = () => api.seen.at(-1)?.headers.authorization

describe('a kubeconfig', () => {
  it('is the file that --kubeconfig names, with its context’s namespace', async () => {
    const file = folder.kubeconfig('one', { server, user: { token: 't1' }, namespace: 'shop' })
    const { contextName, namespace, serverVersion } = await connected({ kubeconfig: file })
    expect([contextName, namespace, serverVersion]).toEqual(['one', 'shop', 'v1.34.0'])
    expect(lastToken()).toBe('Bearer t1')
  })

  it('gives way to -n, and falls back to the namespace default', async () => {
    const file = folder.kubeconfig('one', { server })
    expect((await connected({ kubeconfig: file, namespace: 'mine' })).namespace).toBe('mine')
    expect((await connected({ kubeconfig: file })).namespace).toBe('default')
  })

  it('of a KUBECONFIG list is merged: the first file to name something wins, missing files do not matter', async () => {
    const first = folder.kubeconfig('one', { server, user: { token: 'first' } })
    const second = folder.kubeconfig('two', { server, user: { token: 'second' } })
    const third = folder.write(
      'three',
      // The first file's names with other values.
      stringify({
        clusters: [{ name: 'one', cluster: { server: 'https://127.0.0.1:1' } }],
        users: [{ name: 'one', user: { token: 'third' } }],
        contexts: [{ name: 'one', context: { cluster: 'one', user: 'one' } }],
        'current-context': 'two',
      }),
    )
    const place = folder.place({
      KUBECONFIG: [join(folder.path, 'missing'), first, '', third, second].join(delimiter),
    })
    expect((await connected({ place })).contextName).toBe('one')
    expect(lastToken()).toBe('Bearer first')
    expect((await connected({ place, context: 'two' })).contextName).toBe('two')
    expect(lastToken()).toBe('Bearer second')
  })

  it('is ~/.kube/config when nothing is named, or the empty name', async () => {
    folder.kubeconfig('.kube/config', { server })
    expect((await connected({})).contextName).toBe('.kube/config')
    expect((await connected({ kubeconfig: '' })).contextName).toBe('.kube/config')
  })

  it('names paths from its own folder', async () => {
    folder.write('certificates/ca.pem', testTls.ca)
    folder.write('certificates/token', 'from-file\n')
    const file = folder.kubeconfig('certificates/config', {
      server,
      cluster: { 'certificate-authority-data': undefined, 'certificate-authority': 'ca.pem' },
      user: { tokenFile: 'token' },
    })
    await connected({ kubeconfig: file })
    expect(lastToken()).toBe('Bearer from-file')
  })

  it('is not needed in a pod', async () => {
    folder.write('serviceaccount/token', 'pod-token')
    folder.write('serviceaccount/ca.crt', testTls.ca)
    folder.write('serviceaccount/namespace', 'inside\n')
    const place = folder.place({
      KUBERNETES_SERVICE_HOST: '127.0.0.1',
      KUBERNETES_SERVICE_PORT: String(api.port),
    })
    const { namespace, contextName } = await connected({ place })
    expect([namespace, contextName]).toEqual(['inside', 'in-cluster'])
    expect(lastToken()).toBe('Bearer pod-token')
  })

  it('may be of plain HTTP, as kubectl proxy serves it', async () => {
    const plain = await fakeApi({ isTls: false })
    const file = folder.kubeconfig('plain', { server: `http://127.0.0.1:${plain.port}` })
    expect((await connected({ kubeconfig: file })).serverVersion).toBe('v1.34.0')
    await plain.close()
  })
})

describe('a kubeconfig that cannot be used', () => {
  it('is told with the files that were looked for', async () => {
    const problem = await problemOf({})
    expect(problem.code).toBe('kubeconfig')
    expect(problem.message).toContain(join('.kube', 'config'))
    expect(problem.hint).toContain('--lab')
  })

  it('must be there when --kubeconfig names it', async () => {
    const problem = await problemOf({ kubeconfig: join(folder.path, 'nowhere') })
    expect(problem.message).toMatch(/nowhere cannot be read: ENOENT/)
  })

  it('is told with the contexts that there are', async () => {
    const file = folder.kubeconfig('one', { server })
    const problem = await problemOf({ kubeconfig: file, context: 'other' })
    expect(problem.message).toBe('the kubeconfig has no context "other"; there are one')
  })

  it.each([
    ['cluster', { clusters: [] }, 'is for cluster "one", which is not in the kubeconfig'],
    ['user', { users: [] }, 'is for user "one", who is not in the kubeconfig'],
  ])('is told when its context has no %s', async (_what, missing, message) => {
    const text = {
      clusters: [{ name: 'one', cluster: { server } }],
      users: [{ name: 'one', user: {} }],
      contexts: [{ name: 'one', context: { cluster: 'one', user: 'one' } }],
      'current-context': 'one',
      ...missing,
    }
    const problem = await problemOf({
      kubeconfig: folder.write('broken', JSON.stringify(text)),
    })
    expect(problem.message).toContain(message)
  })

  it('is never quoted', async () => {
    const file = folder.write('broken', 'users:\n- name: a\n  user: {token: planted-secret\n')
    const problem = await problemOf({ kubeconfig: file })
    expect(problem.message).toMatch(/is not YAML: line \d/)
    expect(JSON.stringify(problem)).not.toContain('planted')
  })
})
