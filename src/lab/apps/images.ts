import { fileURLToPath } from 'node:url'
import { siblingModule } from '../../base/sibling-module.ts'

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
  ['deaf:1', { app: 'deaf' }],
  ['pinned:1', { app: 'pinned' }],
  ['idle:1', { app: 'idle' }],
  ['slow-start:1', { app: 'slow-start' }],
  ['slow:1', { app: 'slow', env: { DELAY_MS: '60000' } }],
])

/**
 * The image behind a name such as `podtank.lab/web:sigquit`; undefined when the lab has no such image.
 * APP is the path of the app's file, so that a command of the user's own can start it.
 */
export function resolveImage(name: string): Image | undefined {
  if (!name.startsWith(REGISTRY)) return undefined
  const image = appImages.get(name.slice(REGISTRY.length))
  if (!image) return undefined
  const path = fileURLToPath(siblingModule(import.meta.url, `./${image.app}`))
  return {
    command: [process.execPath, path],
    stopSignal: image.stopSignal ?? 'SIGTERM',
    env: { ...image.env, APP: path },
  }
}
