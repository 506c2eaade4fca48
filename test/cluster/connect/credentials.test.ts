import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TokenBucket } from '../../../src/cluster/api/token-bucket.ts'
import { connect, type ConnectOptions } from '../../../src/cluster/connect.ts'
import { ExecCredentials } from '../../../src/cluster/connect/exec-credentials.ts'
import { certificate } from '../../support/tls/certificate.ts'
import { fakeApi, type FakeApi, send } from './fake-api.ts'
import {
  execUser,
  type KubeconfigFolder,
  kubeconfigFolder,
  printToken,
  writePlugin,
} from './kubeconfig-folder.ts'

let folder: KubeconfigFolder
let api: FakeApi

beforeEach(async () => {
  folder = kubeconfigFolder()
  api = await fakeApi()
})

afterEach(async () => {
  folder.remove()
  await api.close()
})

const client = { bucket: new TokenBucket({ perSecond: 1e6, burst: 1e6 }) }

function connectAs(user: Record<string, unknown>, more: ConnectOptions = {}) {
  const server = `https://127.0.0.1:${api.port}`
  const kubeconfig = folder.kubeconfig('one', { server, user })
  return connect({ place: folder.place(), kubeconfig, client, ...more })
}

async function clientAs(user: Record<string, unknown>, more: ConnectOptions = {}) {
  const result = await connectAs(user, more)
  if (!result.ok) throw new Error(result.error.message)
  return result.value.client
}

async function problemAs(user: Record<string, unknown>) {
  const result = await connectAs(user)
  if (result.ok) throw new Error('it connected')
  return result.error
}

const tokens = () => api.seen.map(({ headers }) => headers.authorization?.replace('Bearer ', ''))
const starts = () => readFileSync(join(folder.path, 'starts'), 'utf8').length / 2
const base64 = (text: string) => Buffer.from(text).toString('base64')

/** Accepts only this token. */
function acceptOnly(token: () => string) {
  api.answer = (call, response) => {
    if (call.headers.authorization === `Bearer ${token()}`) send(response, 200, {})
    else send(response, 401, { kind: 'Status', reason: 'Unauthorized', message: 'Unauthorized' })
  }
}

describe('credentials of a kubeconfig', () => {
  it.each(['data', 'files'])('may be a client certificate, given as %s', async (how) => {
    const { cert, key } = certificate('client')
    folder.write('client.pem', cert)
    folder.write('client.key', key)
    await clientAs(
      how === 'data'
        ? { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) }
        : { 'client-certificate': 'client.pem', 'client-key': 'client.key' },
    )
    expect(api.seen[0]?.commonName).toBe('podtank test only client')
  })

  it('may be a user name with a password', async () => {
    await clientAs({ username: 'anna', password: 'planted' })
    expect(api.seen[0]?.headers.authorization).toBe(`Basic ${base64('anna:planted')}`)
  })

  it('may be a token file, which is read again after a 401', async () => {
    folder.write('token', 'old')
    const client = await clientAs({ tokenFile: 'token' })
    folder.write('token', 'new')
    acceptOnly(() => 'new')
    expect((await client.call({ method: 'GET', path: '/api' })).ok).toBe(true)
    expect(tokens()).toEqual(['old', 'old', 'new'])
  })

  it('are those of the user that --as and --as-group name', async () => {
    await clientAs({ token: 't' }, { as: 'anna', asGroups: ['devs', 'ops'] })
    expect(api.seen[0]?.headers['impersonate-user']).toBe('anna')
    expect(api.seen[0]?.headers['impersonate-group']).toBe('devs, ops')
  })

  it('may impersonate by themselves, and --as comes first', async () => {
    const user = { token: 't', as: 'anna', 'as-groups': ['devs'], 'as-uid': 'u1' }
    await clientAs(user)
    await clientAs(user, { as: 'bert' })
    expect(api.seen.map(({ headers }) => headers['impersonate-user'])).toEqual(['anna', 'bert'])
    expect(api.seen[0]?.headers['impersonate-group']).toBe('devs')
    expect(api.seen[0]?.headers['impersonate-uid']).toBe('u1')
  })

  it('that are refused are told with what to do', async () => {
    acceptOnly(() => 'other')
    const problem = await problemAs({ token: 'planted-token' })
    expect(problem.message).toContain('does not serve us: Unauthorized')
    expect(problem.hint).toContain('kubectl auth whoami')
    expect(JSON.stringify(problem)).not.toContain('planted')
  })
})

describe('a credential plugin', () => {
  it('is started once for 50 calls at a time', async () => {
    const client = await clientAs(execUser(writePlugin(folder, `sleep 0.1; ${printToken('t1')}`)))
    const calls = Array.from({ length: 50 }, () => client.call({ method: 'GET', path: '/api' }))
    expect((await Promise.all(calls)).every(({ ok }) => ok)).toBe(true)
    expect(new Set(tokens())).toEqual(new Set(['t1']))
    expect(starts()).toBe(1)
  })

  it('is started once more when 20 calls are refused together', async () => {
    const count = '$(wc -l < "$(dirname "$0")/starts" | tr -d " ")'
    const client = await clientAs(execUser(writePlugin(folder, printToken(`t${count}`))))
    acceptOnly(() => 't2')
    const calls = Array.from({ length: 20 }, () => client.call({ method: 'GET', path: '/api' }))
    expect((await Promise.all(calls)).every(({ ok }) => ok)).toBe(true)
    expect(starts()).toBe(2)
  })

  it('is not started for ever when all its tokens are refused', async () => {
    acceptOnly(() => 'other')
    const problem = await problemAs(execUser(writePlugin(folder, printToken('planted'))))
    expect(problem.message).toContain('Unauthorized')
    expect([starts(), api.seen.length]).toEqual([2, 2])
  })

  it('is asked again after four fifths of the credential’s life', async () => {
    let nowMs = Date.parse('2026-01-01T00:00:00Z')
    const config = execUser(writePlugin(folder, printToken('t', '2026-01-01T00:10:00Z'))).exec
    const credentials = new ExecCredentials({
      config: { apiVersion: config.apiVersion, command: config.command },
      env: folder.place().env,
      cluster: {},
      nowMs: () => nowMs,
    })
    await credentials.apply({})
    nowMs += 479_000
    await credentials.apply({})
    expect(starts()).toBe(1)
    nowMs += 2_000
    await credentials.apply({})
    expect(starts()).toBe(2)
  })

  it('may give a client certificate', async () => {
    const { cert, key } = certificate('client')
    const answer = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { clientCertificateData: cert, clientKeyData: key },
    }
    folder.write('answer.json', JSON.stringify(answer))
    await clientAs(execUser(writePlugin(folder, 'cat "$(dirname "$0")/answer.json"')))
    expect(api.seen[0]?.commonName).toBe('podtank test only client')
  })

  it('gets its arguments, its environment and the cluster, and no stdin', async () => {
    const body = `printf '%s' "$1 $MY_VAR $KUBERNETES_EXEC_INFO" > "$(dirname "$0")/got"; cat; ${printToken('t')}`
    const command = writePlugin(folder, body)
    await clientAs(
      execUser(command, {
        args: ['get-token'],
        env: [{ name: 'MY_VAR', value: 'mine' }],
        provideClusterInfo: true,
      }),
    )
    const got = readFileSync(join(folder.path, 'got'), 'utf8')
    expect(got).toMatch(/^get-token mine \{/)
    const info = JSON.parse(got.slice(got.indexOf('{'))) as { spec: Record<string, unknown> }
    expect(info.spec['interactive']).toBe(false)
    expect(info.spec['cluster']).toMatchObject({ server: `https://127.0.0.1:${api.port}` })
  })

  it('may be named from the kubeconfig’s folder', async () => {
    writePlugin(folder, printToken('t1'))
    await clientAs(execUser('./plugin.sh'))
    expect(tokens()).toEqual(['t1'])
  })

  it.each([
    ['fails', 'echo "login expired for user-4711 token=planted-9" >&2; exit 3', 'exit code 3'],
    ['prints no credential', 'echo planted-1', 'printed no ExecCredential'],
    [
      'prints an empty one',
      `echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{}}'`,
      'neither a token nor a certificate',
    ],
    [
      'prints another version',
      `echo '{"kind":"ExecCredential","apiVersion":"v0","status":{"token":"planted"}}'`,
      'another version',
    ],
    ['floods', 'yes planted-flood', 'printed more than 1 MiB'],
  ])('that %s is told, without what it printed', async (_what, body, message) => {
    const problem = await problemAs(execUser(writePlugin(folder, body)))
    expect(problem.message).toContain('plugin.sh')
    expect(problem.message).toContain(message)
    expect(JSON.stringify(problem)).not.toContain('planted')
    expect(JSON.stringify(problem)).not.toContain('4711')
    expect(api.seen).toEqual([])
  })

  it('that says why it fails is quoted in its plain words', async () => {
    const body = 'echo "Unable to locate credentials. Log in again as root@corp-7" >&2; exit 255'
    const { message } = await problemAs(execUser(writePlugin(folder, body)))
    expect(message).toContain('it said: Unable to locate credentials. Log in again as …')
  })

  it('that is not there is told with how to install it', async () => {
    const user = execUser('/nowhere/plugin', { installHint: 'Install it with the package manager' })
    const { message } = await problemAs(user)
    expect(message).toContain('/nowhere/plugin is not there: Install it with the package manager')
  })

  it('that wants a terminal is told, and not started', async () => {
    const command = writePlugin(folder, printToken('t'))
    const problem = await problemAs(execUser(command, { interactiveMode: 'Always' }))
    expect(problem.message).toContain('wants a terminal')
    expect(() => starts()).toThrow('ENOENT')
  })

  it('that hangs is ended with what it started, at its limit', async () => {
    const command = writePlugin(folder, 'echo $$ > "$(dirname "$0")/pid"; sleep 300')
    const credentials = new ExecCredentials({
      config: { command },
      env: folder.place().env,
      cluster: {},
      limitMs: 400,
    })
    const startedMs = performance.now()
    const waiting = Array.from({ length: 10 }, () => credentials.apply({}))
    const outcomes = await Promise.allSettled(waiting)
    expect(performance.now() - startedMs).toBeLessThan(5_000)
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
    await expect(waiting[0]).rejects.toThrow('did not end within 0.4 s')
    const pid = Number(readFileSync(join(folder.path, 'pid'), 'utf8'))
    await expect.poll(() => isAlive(pid)).toBe(false)
    expect(starts()).toBe(1)
  })
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
