import type { FindLabPlace } from './lab-place.ts'

/** The real process as the program sees it, so that the whole program can be run in memory. */
export interface Host {
  /** What was typed after the program's name. */
  readonly argv: readonly string[]
  /** How the program was called: `podtank` or `kubectl podtank`. */
  readonly programName: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
  /** Absent where the program runs in memory: the lab is then on loopback. */
  readonly findLabPlace?: FindLabPlace
  /** Calls back at each SIGINT, SIGTERM, SIGHUP and SIGQUIT, which then no longer end the process. Gives the way to stop. */
  onSignal(handler: (signal: string) => void): () => void
}

/** Writes a line for people; data goes to stdout instead. */
export const say = (host: Host, line = ''): void => {
  host.stderr.write(`${line}\n`)
}

/** Writes data: what a pipe should carry. */
export const print = (host: Host, text: string): void => {
  host.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
}
