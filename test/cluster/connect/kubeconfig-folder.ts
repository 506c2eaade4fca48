import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { mkdirSync } from 'node:fs'
import { stringify } from 'yaml'
import type { Place } from '../../../src/cluster/connect/place.ts'
import { testTls } from '../../support/tls/certificate.ts'

/** A folder with kubeconfigs, plugins and token files, and a place that sees nothing else. */
export interface KubeconfigFolder {
  readonly path: string
  /** Writes a file below the folder; gives its path. */
  write(name: string, text: string, mode?: number): string
  /** Writes a kubeconfig of one cluster, user and context, all named `name`. */
  kubeconfig(name: string, parts: KubeconfigParts): string
  place(env?: Record<string, string>): Place
  remove(): void
}

export interface KubeconfigParts {
  readonly server: string
  readonly cluster?: Record<string, unknown>
  readonly user?: Record<string, unknown>
  readonly namespace?: string
  readonly currentContext?: string
}

export function kubeconfigFolder(): KubeconfigFolder {
  const path = mkdtempSync(join(tmpdir(), 'podtank-kubeconfig-'))
  const write = (name: string, text: string, mode = 0o600) => {
    const file = join(path, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    chmodSync(file, mode)
    return file
  }
  return {
    path,
    write,
    kubeconfig: (name, parts) => write(name, stringify(oneOf(name, parts))),
    place: (env = {}) => ({
      env: { PATH: process.env['PATH'], ...env },
      home: path,
      serviceAccount: join(path, 'serviceaccount'),
    }),
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}

function oneOf(
  name: string,
  { server, cluster, user, namespace, currentContext }: KubeconfigParts,
) {
  const ca = Buffer.from(testTls.ca).toString('base64')
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': ca, ...cluster } }],
    users: [{ name, user: user ?? {} }],
    contexts: [{ name, context: { cluster: name, user: name, ...(namespace && { namespace }) } }],
    'current-context': currentContext ?? name,
  }
}

/** A credential plugin: a script that counts its starts in `starts` and then does what `body` says. */
export function writePlugin(folder: KubeconfigFolder, body: string): string {
  return folder.write(
    'plugin.sh',
    `#!/bin/sh\necho x >> "$(dirname "$0")/starts"\n${body}\n`,
    0o700,
  )
}

/** What a plugin prints, as a shell command; `token` may hold shell expansions. */
export const printToken = (token: string, expires?: string): string =>
  `echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{${
    expires === undefined ? '' : `"expirationTimestamp":"${expires}",`
  }"token":"'"${token}"'"}}'`

/** The `exec` of a kubeconfig's user. */
export const execUser = (command: string, more: Record<string, unknown> = {}) => ({
  exec: {
    apiVersion: 'client.authentication.k8s.io/v1',
    command,
    interactiveMode: 'Never',
    ...more,
  },
})
