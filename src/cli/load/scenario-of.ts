import { readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import type { Problem } from '../../base/problem.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import { readTarget } from '../../run/read-target.ts'
import { readExpectation } from '../../scenario/read-expectation.ts'
import { type LoadFile, readLoadFile } from '../../scenario/read-load-file.ts'
import type { Expectation, LoadSpec, Scenario } from '../../scenario/scenario.ts'
import type { LoadFlags } from './load-flags.ts'
import { loadSpecOf } from './load-spec-of.ts'
import { FlagReader } from './read-flags.ts'

/** What `podtank load` is to do. */
export interface LoadTask {
  readonly scenario: Scenario
  readonly url: string
  /** Parts of the file that load alone does not use. */
  readonly ignored: readonly string[]
}

/** Without a file: a known, gentle rate, for nobody should flood a server by leaving a flag out. */
export const DEFAULT_LOAD: LoadSpec = {
  schedule: [{ word: 'const', ratePerSecond: 100, durationUs: 10_000_000 }],
  connections: 'reuse',
  timeoutUs: 5_000_000,
  maxConnections: 4_096,
  identityHeader: 'x-pod-name',
  requests: [],
}

/** Puts URL, file and flags together; flags go before the file. Gives every problem at once. */
export function scenarioOf(
  url: string | undefined,
  flags: LoadFlags,
  cwd: string,
): Result<LoadTask, readonly Problem[]> {
  const file = flags.file === undefined ? undefined : readFile(flags.file, cwd)
  if (file && !file.ok) return file
  const place = url ?? file?.value.url
  if (place === undefined) return fail([noUrl(flags.file)])
  const target = readTarget(place)
  if (!target.ok) return fail([target.error])
  const reader = new FlagReader()
  const base = file?.value.scenario.load ?? DEFAULT_LOAD
  const load = loadSpecOf({ base, flags, cwd, reader, path: target.value.path })
  const expectations = reader.expectations(flags.expect)
  const stopCriteria = reader.stopCriteria(flags.stop)
  if (reader.problems.length > 0) return fail(reader.problems)
  const fromFile = file?.value.scenario
  return succeed({
    url: place,
    ignored: file?.value.ignored ?? [],
    scenario: {
      name: flags.name ?? fromFile?.name ?? nameOf(target.value.hostHeader),
      ...(fromFile?.about !== undefined && { about: fromFile.about }),
      load,
      steps: [],
      expectations:
        expectations.length > 0 ? expectations : (fromFile?.expectations ?? [NO_FAILURE]),
      stopCriteria: stopCriteria.length > 0 ? stopCriteria : (fromFile?.stopCriteria ?? []),
      manifests: [],
    },
  })
}

/** What is expected when nothing is said. */
export const NO_FAILURE = readExpectation('failed == 0') as Expectation

/** A host as the name of a run and of its directory. */
const nameOf = (host: string): string =>
  `load-${host.replace(/[^A-Za-z0-9.-]+/g, '-').replace(/^-+|-+$/g, '')}`.slice(0, 60)

const noUrl = (file: string | undefined): Problem => ({
  code: 'no-url',
  message:
    file === undefined
      ? 'where should the load go?'
      : `${basename(file)} names no target.through: http://…`,
  hint: 'podtank load http://127.0.0.1:8080/',
})

function readFile(name: string, cwd: string): Result<LoadFile, readonly Problem[]> {
  const path = resolve(cwd, name)
  try {
    return readLoadFile(readFileSync(path, 'utf8'), path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return fail([
      {
        code: 'scenario-not-readable',
        message: `${name} cannot be read: ${code ?? String(error)}`,
      },
    ])
  }
}
