import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

/** The program with `lab shell`; its output so far and its exit code in the end. */
function labShell(...parameters: string[]) {
  const child = spawn(process.execPath, [main, 'lab', 'shell', ...parameters], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 25_000,
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()))
  const code = new Promise<number | null>((resolve) => child.once('close', resolve))
  const printed = new Promise<void>((resolve) => child.stdout.once('data', () => resolve()))
  return { child, output, code, printed }
}

const SHOW_NODES = `
  const { readFileSync } = require('node:fs')
  const path = process.env.KUBECONFIG
  const server = /server: (\\S+)/.exec(readFileSync(path, 'utf8'))[1]
  fetch(server + '/api/v1/nodes').then((answer) => answer.json()).then(({ items }) => {
    console.log(JSON.stringify({ path, server, nodes: items.map((one) => one.metadata.name) }))
    process.exitCode = 7
  })`

test('the command reaches the lab through KUBECONFIG, its exit code is passed on, and the lab ends with it', async () => {
  const { code, output } = labShell('--nodes', '2', '--', process.execPath, '-e', SHOW_NODES)
  expect(await code).toBe(7)
  const { path, server, nodes } = JSON.parse(output.stdout) as Record<string, unknown>
  expect(nodes).toEqual(['lab-node-1', 'lab-node-2'])
  expect(existsSync(String(path))).toBe(false)
  await expect(fetch(String(server))).rejects.toThrow()
})

test('a signal reaches the command, and the lab ends after it', async () => {
  const wait =
    'process.on("SIGTERM", () => process.exit(9)); setInterval(() => {}, 1000); console.log(process.env.KUBECONFIG)'
  const { child, code, printed, output } = labShell('--', process.execPath, '-e', wait)
  await printed
  child.kill('SIGTERM')
  expect(await code).toBe(9)
  expect(existsSync(output.stdout.trim())).toBe(false)
})

test('a command that is not there is a mistake of the command line', async () => {
  const { code, output } = labShell('--', '/nonexistent')
  expect(await code).toBe(2)
  expect(output.stderr).toContain('cannot run /nonexistent')
})
