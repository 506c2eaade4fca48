import { homedir } from 'node:os'

/** Where a process finds its way to a cluster: what kubectl and client-go look at. */
export interface Place {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  /** Folder of the pod's service account. */
  readonly serviceAccount: string
}

/** This process's own place. */
export const ownPlace = (): Place => ({
  env: process.env,
  home: homedir(),
  serviceAccount: '/var/run/secrets/kubernetes.io/serviceaccount',
})
