import { fileURLToPath } from 'node:url'
import { siblingModule } from '../../base/sibling-module.ts'
import { findProgram } from './find-program.ts'
import { type RealProgram, realPrograms } from './real-programs.ts'

const REGISTRY = 'podtank.lab/'

/** What an image brings: its command, its STOPSIGNAL, its environment. */
export interface Image {
  readonly command: readonly string[]
  readonly stopSignal: NodeJS.Signals
  readonly env: Readonly<Record<string, string>>
}

interface AppImage {
  readonly app: string
  readonly stopSignal?: NodeJS.Signals
  readonly env?: Readonly<Record<string, string>>
}

const appImages: ReadonlyMap<string, AppImage> = new Map<string, AppImage>([
  ['web:sigterm', { app: 'web' }],
  ['web:sigquit', { app: 'web', stopSignal: 'SIGQUIT' }],
  ['graceful:1', { app: 'graceful' }],
  ['exit:1', { app: 'exit' }],
  ['ignore:1', { app: 'ignore' }],
  ['deaf:1', { app: 'deaf' }],
  ['pinned:1', { app: 'pinned' }],
  ['close:1', { app: 'close' }],
  ['idle:1', { app: 'idle' }],
  ['keepalive:1', { app: 'idle' }],
  ['slow-start:1', { app: 'slow-start' }],
  ['early-ready:1', { app: 'early-ready' }],
  ['flaps:1', { app: 'flaps' }],
  ['slow:1', { app: 'slow', env: { DELAY_MS: '60000' } }],
  ['crash:1', { app: 'crash' }],
  ['hog:1', { app: 'hog' }],
  ['business:1', { app: 'business' }],
  ['registry:1', { app: 'registry' }],
  ['registry-server:1', { app: 'registry-server' }],
  ['provider:1', { app: 'provider' }],
  ['master:1', { app: 'master', stopSignal: 'SIGQUIT' }],
  ['supervisor:1', { app: 'supervisor' }],
])

/** The names of all images, without the registry. */
export const imageNames: readonly string[] = [...appImages.keys(), ...realPrograms.keys()]

/**
 * The image behind a name such as `podtank.lab/web:sigquit`; undefined when the lab has no such image, or not its
 * program. APP is the path of the app's file, so that a command of the user's own can start it.
 */
export function resolveImage(name: string): Image | undefined {
  if (!name.startsWith(REGISTRY)) return undefined
  const image = appImages.get(name.slice(REGISTRY.length))
  if (!image) return resolveRealProgram(realPrograms.get(name.slice(REGISTRY.length)))
  const path = fileURLToPath(siblingModule(import.meta.url, `./${image.app}`))
  return {
    command: [process.execPath, path],
    stopSignal: image.stopSignal ?? 'SIGTERM',
    env: { ...image.env, APP: path },
  }
}

/** Which program an image lacks on this machine: `nginx is not installed here`; undefined when that is not it. */
export function missingProgram(name: string): string | undefined {
  const program = realPrograms.get(name.slice(REGISTRY.length))
  const [missing] = Object.values(program?.needs ?? {}).find((names) => !findProgram(names)) ?? []
  return missing && `${missing} is not installed on this machine`
}

function resolveRealProgram(program: RealProgram | undefined): Image | undefined {
  if (!program) return undefined
  const found = Object.entries(program.needs).map(
    ([variable, names]) => [variable, findProgram(names) ?? ''] as const,
  )
  if (found.some(([, path]) => path === '')) return undefined
  return {
    command: [...(program.init ?? []), '/bin/sh', '-c', program.script],
    stopSignal: program.stopSignal,
    env: Object.fromEntries(found),
  }
}
