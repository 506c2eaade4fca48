import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { findNamespaces } from '../../../src/lab/network/kernel/find-namespaces.ts'

const main = fileURLToPath(new URL('../../../src/main.ts', import.meta.url))
const shell = [process.execPath, main, 'lab', 'shell', '--']
const SHOW = ['sh', '-c', 'readlink /proc/self/ns/net; ip -o link']

const found = await findNamespaces()
const isKernel = typeof found !== 'string' && found.network === 'kernel'
const isRoot = process.getuid?.() === 0
const toolAt = (name: string) =>
  ['/usr/sbin', '/sbin', '/usr/bin', '/bin'].map((place) => `${place}/${name}`).find(existsSync)

interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function run([file = '', ...parameters]: readonly string[]): Promise<Ran> {
  const child = spawn(file, parameters, { cwd: '/tmp', timeout: 25_000 })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  return new Promise((resolve) => {
    child.once('close', (code) => {
      resolve({ code, stdout, stderr })
    })
  })
}

/** Runs it where the tool is there but cannot be executed, for this command only. */
const without = (tool: string, command: readonly string[]) => [
  ...['unshare', '--mount', 'sh', '-c', 'mount --bind /dev/null "$0" && exec "$@"'],
  toolAt(tool) ?? '',
  ...command,
]

describe.skipIf(!isKernel)('where there is a kernel network', () => {
  it.skipIf(!isRoot).each([
    ['nft', "The network is not the kernel's, because nft cannot be used (", true],
    ['ip', "The network is not the kernel's, because network namespaces cannot be made (", false],
    [
      'unshare',
      "The network is not the kernel's, because network namespaces cannot be made (spawn unshare",
      false,
    ],
  ])(
    'without %s the lab takes what is left, and says what it does not show',
    async (tool, why, isOwn) => {
      const { code, stdout, stderr } = await run(
        without(tool, [...shell, 'readlink', '/proc/self/ns/net']),
      )
      expect(code).toBe(0)
      expect(stderr).toContain(why)
      expect(stderr).toContain('note: A Service is a TCP proxy')
      const { stdout: outside } = await run(['readlink', '/proc/self/ns/net'])
      expect(stdout !== outside).toBe(isOwn)
    },
  )

  it('labs at the same time have a network each, and this machine sees none of them', async () => {
    const nobody = [
      'setpriv',
      '--reuid=65534',
      '--regid=65534',
      '--clear-groups',
      'env',
      'HOME=/tmp',
    ]
    const users = isRoot ? [[], [], nobody] : [[], []]
    // Others may have a bridge of that name here: the test cluster has.
    const before = Object.keys(networkInterfaces())
    const ran = await Promise.all(users.map((user) => run([...user, ...shell, ...SHOW])))
    expect(ran.map(({ code }) => code)).toEqual(users.map(() => 0))
    expect(new Set(ran.map(({ stdout }) => stdout.split('\n')[0])).size).toBe(users.length)
    for (const { stdout } of ran) expect(stdout).toContain('podtank0')
    expect(Object.keys(networkInterfaces())).toEqual(before)
  })
})
