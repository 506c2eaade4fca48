import { parseAllDocuments, stringify } from 'yaml'
import { appPath, LAB_APPS, LAB_APPS_FOLDER, labAppsVolume } from './lab-apps.ts'

const LAB = 'podtank.lab/'
const LAB_PORT = 8080
const NGINX_PORT = 80

/** Images of the lab that the cluster has too, as images of the same names. */
const REAL_PROGRAM = /^podtank\.lab\/(?:nginx|phpfpm)/

/** The lab tells nginx where its configuration is; in an image that is where nginx looks for it. */
const LAB_NGINX_QUIT = '"$NGINX" -p "$PWD" -e stderr -c nginx.conf -s quit'

export interface ClusterForm {
  /** What stands before the names of images. */
  readonly images: string
  readonly ingressClass: string
  readonly namespace: string
}

interface Container {
  readonly name: string
  readonly image: string
  readonly command?: readonly string[]
  readonly env?: readonly { readonly name: string; readonly value?: string }[]
}

interface PodSpec {
  readonly containers: readonly Container[]
  readonly volumes?: readonly object[]
}

interface Manifest {
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly spec: {
    readonly template?: { readonly spec: PodSpec }
    readonly clusterIP?: string
    readonly defaultBackend?: object
  }
}

/**
 * Manifests of the library as a real cluster takes them: real programs from images of the same names, the lab's own
 * apps from a ConfigMap in an image with Node.js, Services that are reached from outside by a node port, Ingresses with
 * a host of their own.
 */
export function forCluster(text: string, form: ClusterForm): string {
  const manifests = parseAllDocuments(text).map((document) => document.toJS() as Manifest)
  const nginx = manifests.some((one) =>
    one.spec.template?.spec.containers.some(({ image }) => image.startsWith(`${LAB}nginx`)),
  )
  return manifests
    .map((one) => converted(one, form))
    .map((one) => stringify(nginx ? onPort80(one) : one))
    .join('---\n')
}

function converted(manifest: Manifest, form: ClusterForm): object {
  const { spec } = manifest
  if (manifest.kind === 'Service')
    return spec.clusterIP === 'None'
      ? manifest
      : { ...manifest, spec: { ...spec, type: 'NodePort' } }
  if (manifest.kind === 'Ingress') return ingress(manifest, form)
  if (spec.template === undefined) return manifest
  const template = { ...spec.template, spec: podSpec(spec.template.spec, form) }
  return { ...manifest, spec: { ...spec, template } }
}

function ingress(
  { spec, ...manifest }: Manifest,
  { ingressClass, namespace }: ClusterForm,
): object {
  const path = { path: '/', pathType: 'Prefix', backend: spec.defaultBackend }
  const rules = [{ host: `${namespace}.test`, http: { paths: [path] } }]
  return { ...manifest, spec: { ingressClassName: ingressClass, rules } }
}

function podSpec(spec: PodSpec, { images }: ClusterForm): object {
  const apps = spec.containers.some(({ image }) => !REAL_PROGRAM.test(image))
  return {
    ...spec,
    containers: spec.containers.map((one) =>
      REAL_PROGRAM.test(one.image) ? realProgram(one, images) : labApp(one, images),
    ),
    ...(apps && { volumes: [...(spec.volumes ?? []), labAppsVolume()] }),
  }
}

function realProgram(container: Container, images: string): object {
  const behind = container.env?.some(({ name }) => name === 'FASTCGI_PORT') ?? false
  return {
    ...(JSON.parse(
      JSON.stringify(container).replace(
        JSON.stringify(LAB_NGINX_QUIT).slice(1, -1),
        'nginx -s quit',
      ),
    ) as Container),
    image: container.image.replace(LAB, images),
    imagePullPolicy: 'IfNotPresent',
    ...(behind && { command: ['nginx', '-c', '/etc/nginx/php.conf', '-g', 'daemon off;'] }),
  }
}

function labApp(container: Container, images: string): object {
  const app = container.image.replace(LAB, '').replace(/:.*$/, '')
  const given = [
    { name: 'NODE', value: 'node' },
    { name: 'APP', value: appPath(app) },
    { name: 'PORT', value: String(LAB_PORT) },
    { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
  ]
  return {
    command: ['$(NODE)', '$(APP)'],
    ...container,
    image: `${images}node:1`,
    imagePullPolicy: 'IfNotPresent',
    env: [
      ...given,
      ...(app === 'slow' ? [{ name: 'DELAY_MS', value: '60000' }] : []),
      ...(container.env ?? []),
    ],
    volumeMounts: [{ name: LAB_APPS, mountPath: LAB_APPS_FOLDER }],
  }
}

/** The lab's nginx listens on 8080, as it may not be root; that of an image on 80. */
const onPort80 = (value: object): object =>
  JSON.parse(JSON.stringify(value), (_, one: unknown) =>
    one === LAB_PORT ? NGINX_PORT : one,
  ) as object
