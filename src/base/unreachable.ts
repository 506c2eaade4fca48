/** Marks the impossible branch of an exhaustive switch; a new case breaks the build here. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}
