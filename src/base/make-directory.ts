import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a directory and what it is in, for a path that a user chose: Node's own `recursive` never comes back from a
 * place such as /proc. Throws as `mkdirSync` does.
 */
export function makeDirectory(path: string): void {
  if (existsSync(path)) return
  makeDirectory(dirname(path))
  mkdirSync(path)
}
