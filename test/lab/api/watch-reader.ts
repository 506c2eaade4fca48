import type { KubeObject } from '../../../src/lab/api/store.ts'

export interface WatchEvent {
  readonly type: string
  readonly object: KubeObject & Record<string, unknown>
}

export interface WatchReader {
  readonly events: WatchEvent[]
  /** `TYPE name` of each event so far. */
  summary(): string[]
  ended(): boolean
  close(): void
}

/** Opens a watch; resolves when the server has sent its headers. */
export async function openWatch(url: string, headers: HeadersInit = {}): Promise<WatchReader> {
  const abort = new AbortController()
  const response = await fetch(url, { signal: abort.signal, headers })
  const events: WatchEvent[] = []
  let ended = false
  void readLines(response, events)
    .catch(() => undefined)
    .then(() => {
      ended = true
    })
  return {
    events,
    summary: () => events.map(({ type, object }) => `${type} ${object.metadata.name}`),
    ended: () => ended,
    close: () => {
      abort.abort()
    },
  }
}

async function readLines(response: Response, events: WatchEvent[]): Promise<void> {
  if (!response.body) return
  let rest = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) events.push(JSON.parse(line) as WatchEvent)
  }
}
