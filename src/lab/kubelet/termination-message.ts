import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { Container } from '../api/kinds/pod.ts'
import type { ContainerLog } from './container-log.ts'

const MOST_BYTES = 4_096
const MOST_LOG_BYTES = 2_048
const MOST_LOG_LINES = 80

/**
 * What a container that ended has to say: the end of its message file, or, with `FallbackToLogsOnError` and an exit
 * code other than 0, the end of its log when the file is empty (kubelet, getTerminationMessage). Empty: nothing.
 */
export function terminationMessage(
  { terminationMessagePolicy: policy }: Container,
  ended: { readonly exitCode: number; readonly path: string; readonly log: ContainerLog },
): string {
  const message = tailOf(ended.path)
  if (message !== '' || policy !== 'FallbackToLogsOnError' || ended.exitCode === 0) return message
  const lines = ended.log.lines.slice(-MOST_LOG_LINES).map(({ text }) => `${text}\n`)
  return Buffer.from(lines.join('')).subarray(-MOST_LOG_BYTES).toString()
}

/** Empty when there is no such file. */
function tailOf(path: string): string {
  try {
    const file = openSync(path, 'r')
    try {
      const { size } = fstatSync(file)
      const tail = Buffer.alloc(Math.min(size, MOST_BYTES))
      readSync(file, tail, 0, tail.length, size - tail.length)
      return tail.toString()
    } finally {
      closeSync(file)
    }
  } catch {
    return ''
  }
}
