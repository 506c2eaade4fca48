const MAX_LENGTH = 40

/** A command line for people: without the path of its program, and not too long. */
export function shortCommand(command: string): string {
  const [program = '', ...rest] = command.split(' ')
  const text = [program.split('/').at(-1) ?? program, ...rest].join(' ')
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text
}
