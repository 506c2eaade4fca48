import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'

// Debian's dispatcher looks for a version beside itself; the versions themselves are what is to be tested.
const FOLDERS = ['/usr/bin', '/usr/local/bin', '/usr/lib/google-cloud-sdk/bin']

/** Every kubectl of this machine as [version, path]; none: the tests that need it are skipped. */
export function findKubectls(): [string, string][] {
  const versioned = FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => /^kubectl\.1\.\d+$/.test(file))
      .map((file): [string, string] => [file.replace('kubectl.', ''), `${folder}/${file}`]),
  )
  if (versioned.length > 0) return versioned
  try {
    execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' })
    return [['in PATH', 'kubectl']]
  } catch {
    return []
  }
}
