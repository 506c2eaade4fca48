/** A load file in the making, as it is written; keys in the order of the file. */
export interface LoadDraft {
  name: string
  about?: string
  through?: string
  readonly load: LoadPartDraft
  stop: string[]
}

export interface LoadPartDraft {
  schedule?: string
  users?: string
  connections?: 'reuse' | 'new'
  timeout?: string
  maxConnections?: number
  threads?: number
  headers?: Record<string, string>
  requests?: RequestDraft[]
  ammo?: { file: string; format: string; loops?: number; limit?: number }
  tls?: { insecure?: true; cert?: string; key?: string; serverName?: string }
}

export type RequestDraft = string | { readonly path: string; readonly tag: string }
