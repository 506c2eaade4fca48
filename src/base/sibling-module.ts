/**
 * The address of a module beside the calling one, for `new Worker` and child processes.
 * Sources end in `.ts`, built files in `.js`; the caller's own ending tells which of them is running.
 */
export function siblingModule(importMetaUrl: string, pathWithoutEnding: string): URL {
  const ending = importMetaUrl.endsWith('.ts') || importMetaUrl.endsWith('.tsx') ? '.ts' : '.js'
  return new URL(`${pathWithoutEnding}${ending}`, importMetaUrl)
}
