import type { PreStop } from '../cluster-change.ts'

/** The fields of a lifecycle hook that are looked at. */
export interface RawHook {
  readonly exec?: { readonly command?: readonly string[] }
  readonly httpGet?: unknown
  readonly tcpSocket?: unknown
  readonly sleep?: { readonly seconds: number }
}

/** What a preStop hook does; undefined for one that does nothing. */
export function preStopOf(hook: RawHook): PreStop | undefined {
  if (hook.sleep) return { kind: 'sleep', seconds: hook.sleep.seconds }
  if (hook.exec) {
    const seconds = sleepSeconds(hook.exec.command ?? [])
    return { kind: 'exec', ...(seconds !== undefined && { seconds }) }
  }
  if (hook.httpGet) return { kind: 'httpGet' }
  return hook.tcpSocket ? { kind: 'tcpSocket' } : undefined
}

/** Of `["sleep","5"]` and `["sh","-c","sleep 5"]`; undefined for anything else. */
function sleepSeconds(command: readonly string[]): number | undefined {
  const match =
    /^(?:(?:\/bin\/|\/usr\/bin\/)?(?:ba|da|a)?sh -c )?(?:\/bin\/)?sleep (\d+(?:\.\d+)?)s?$/.exec(
      command.join(' ').trim(),
    )
  return match ? Number(match[1]) : undefined
}
