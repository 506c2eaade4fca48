import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { LoadSpec, RequestSpec } from '../../scenario/scenario.ts'
import type { ThreadShare } from '../load-plan.ts'
import { prepareRequest } from '../prepared-request.ts'
import { responseCheck } from '../response-check.ts'
import { boundedTags } from './ammo-reader.ts'
import { AmmoSource } from './ammo-source.ts'
import type { RequestSource } from '../request-source.ts'
import { inlineSource, type RequestMaker } from './inline-source.ts'
import { type CsvColumns, NO_CSV, readCsv } from './read-csv.ts'
import { requestOrder } from './request-order.ts'
import { RequestRandom } from './request-random.ts'
import { isTemplate, requestTemplate, type VariableValues } from './request-template.ts'

export interface RequestSourceOptions {
  readonly hostHeader: string
  readonly share: ThreadShare
  /** Of every random value; absent: other ones each time. */
  readonly seed?: number
}

/**
 * Where a thread's requests come from: the list of the scenario or its ammo file, which is read from now on. Its files
 * have been checked before (`checkLoadFiles`).
 */
export function createRequestSource(
  load: LoadSpec,
  { hostHeader, share, seed = randomInt(2 ** 32) }: RequestSourceOptions,
): RequestSource {
  const { ammo, headers = {} } = load
  if (ammo) {
    const expected = ammo.expected ?? { okStatuses: [] }
    const check = responseCheck(expected)
    return new AmmoSource(
      ammo,
      { hostHeader, headers, expected, check, tagOf: boundedTags() },
      share,
    )
  }
  const values: VariableValues = { random: new RequestRandom(seed), csv: csvOf(load) }
  const makers = load.requests.map((spec) => makerOf(spec, hostHeader, headers, values))
  const order = requestOrder(load.requests.map(({ weight }) => weight))
  return inlineSource(makers, order, share, load.connections === 'both' && !load.users)
}

function makerOf(
  spec: RequestSpec,
  hostHeader: string,
  headers: Readonly<Record<string, string>>,
  values: VariableValues,
): RequestMaker {
  const prepared = prepareRequest(spec, hostHeader, headers, responseCheck(spec))
  return isTemplate({ path: spec.path, headers: prepared.headers, body: spec.body ?? '' })
    ? requestTemplate(spec, prepared, values)
    : () => prepared
}

function csvOf({ csvPath }: LoadSpec): CsvColumns {
  if (csvPath === undefined) return NO_CSV
  const csv = readCsv(readFileSync(csvPath, 'utf8'))
  if ('message' in csv) throw new Error(`${csvPath}:${csv.line}: ${csv.message}`)
  return csv
}
