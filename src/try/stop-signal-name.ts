import { constants } from 'node:os'

/**
 * The name of a STOPSIGNAL as container runtimes read it (`SIGQUIT`, `quit` or `3`); undefined when there is none that
 * this machine can send by name, as for real-time signals.
 */
export function stopSignalName(text: string): string | undefined {
  const name = text.toUpperCase().replace(/^(?:SIG)?/, 'SIG')
  return Object.entries(constants.signals).find(
    ([known, number]) => known === name || String(number) === text,
  )?.[0]
}
