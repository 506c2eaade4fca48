import { existsSync, readFileSync } from 'node:fs'

/** The page's script and style as scripts/build.ts made them. */
export interface Assets {
  readonly script: string
  readonly style: string
}

let loaded: Assets | undefined

/** Reads them once: beside this file in a build, from the last build when running from sources. */
export function pageAssets(): Assets {
  loaded ??= { script: readAsset('page.js'), style: readAsset('page.css') }
  return loaded
}

function readAsset(name: string): string {
  const beside = new URL(`assets/${name}`, import.meta.url)
  const built = new URL(`../../../dist/report/html/assets/${name}`, import.meta.url)
  return readFileSync(existsSync(beside) ? beside : built, 'utf8')
}
