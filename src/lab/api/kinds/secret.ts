import type { KubeObject } from '../store.ts'

/** A core/v1 Secret. */
export interface Secret extends KubeObject {
  type?: string
  /** In base64. */
  data?: Record<string, string>
  /** Plain; the API server moves it into `data` and never shows it. */
  stringData?: Record<string, string>
}

/** As the API server stores a Secret: `stringData` becomes `data`, the type is Opaque unless it says another. */
export function fillSecretDefaults(secret: Secret): void {
  secret.type ??= 'Opaque'
  for (const [key, value] of Object.entries(secret.stringData ?? {})) {
    secret.data = { ...secret.data, [key]: Buffer.from(value).toString('base64') }
  }
  delete secret.stringData
}
