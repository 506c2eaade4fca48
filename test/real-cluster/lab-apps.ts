import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { ROOT } from '../support/podtank.ts'

/** The name of the ConfigMap, and of the volume that pods mount it with. */
export const LAB_APPS = 'podtank-lab-apps'

const FOLDERS = ['lab/apps', 'base']

/** The built files of the lab's apps and what they import; their key in the ConfigMap is their path with dots. */
const files = (): readonly {
  readonly key: string
  readonly path: string
  readonly text: string
}[] => [
  { key: 'package.json', path: 'package.json', text: '{"type":"module"}' },
  ...FOLDERS.flatMap((folder) =>
    globSync('*.js', { cwd: join(ROOT, 'dist', folder) })
      .filter((file) => folder !== 'base' || file === 'sibling-module.js')
      .map((file) => ({
        key: `${folder.replace('/', '.')}.${basename(file)}`,
        path: `${folder}/${file}`,
        text: readFileSync(join(ROOT, 'dist', folder, file), 'utf8'),
      })),
  ),
]

/** The lab's own apps for a cluster: one ConfigMap, so that any image with Node.js runs the very same servers. */
export const labAppsConfigMap = (): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: LAB_APPS },
  data: Object.fromEntries(files().map(({ key, text }) => [key, text])),
})

/** The volume that gives each file its path again; {@link appPath} is where an app then is. */
export const labAppsVolume = (): object => ({
  name: LAB_APPS,
  configMap: { name: LAB_APPS, items: files().map(({ key, path }) => ({ key, path })) },
})

/** Where the ConfigMap is mounted. */
export const LAB_APPS_FOLDER = '/podtank-lab'

/** The file of an app in the container. */
export const appPath = (app: string): string => `${LAB_APPS_FOLDER}/lab/apps/${app}.js`
