import { spawn } from 'node:child_process'

/** Where `ip` and `nft` are, though an ordinary user's PATH may not say so. */
export const toolPath = (): string => `${process.env['PATH'] ?? '/usr/bin:/bin'}:/usr/sbin:/sbin`

/** Runs a program with some text as its stdin; gives why it failed, or undefined. */
export function runTool(command: readonly string[], input = ''): Promise<string | undefined> {
  const [file = '', ...parameters] = command
  return new Promise((resolve) => {
    const child = spawn(file, parameters, {
      env: { ...process.env, PATH: toolPath() },
      stdio: ['pipe', 'ignore', 'pipe'],
    })
    let complaint = ''
    child.stderr.on('data', (chunk: Buffer) => {
      complaint += chunk.toString()
    })
    child.stdin.on('error', () => undefined)
    child.once('error', (error) => {
      resolve(error.message)
    })
    child.once('close', (code) => {
      resolve(code === 0 ? undefined : complaint.trim() || `${file} failed`)
    })
    child.stdin.end(input)
  })
}
