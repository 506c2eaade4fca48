import { readFile, stat } from 'node:fs/promises'
import { nearestWord } from '../../base/nearest.ts'
import type { Problem } from '../../base/problem.ts'
import { readTemplate } from '../../scenario/read-template.ts'
import type { LoadSpec } from '../../scenario/scenario.ts'
import { checkAmmoFile } from './check-ammo-file.ts'
import { readCsv } from './read-csv.ts'

const MAX_CSV_BYTES = 64 * 1_048_576

/**
 * Looks into every file that a load names, before anything is sent: whether it is there, whether the first entries of
 * an ammo file are requests, whether a CSV file has the columns that requests name. Gives all that is wrong.
 */
export async function checkLoadFiles(load: LoadSpec): Promise<readonly Problem[]> {
  const { ammo, csvPath, tls } = load
  const found = await Promise.all([
    ammo && checkThere('load.ammo.file', ammo.path, () => checkAmmoFile(ammo)),
    csvPath === undefined
      ? undefined
      : checkThere('load.csv', csvPath, () => checkCsv(csvPath, load)),
    checkPem('load.tls.ca', tls?.caPath, 'CERTIFICATE'),
    checkPem('load.tls.cert', tls?.certPath, 'CERTIFICATE'),
    checkPem('load.tls.key', tls?.keyPath, 'PRIVATE KEY'),
  ])
  return found.flatMap((problems) => problems ?? [])
}

/** Goes on with a file that is there, and says what is the matter with one that is not. */
async function checkThere(
  key: string,
  path: string,
  goOn: () => Promise<readonly Problem[]>,
): Promise<readonly Problem[]> {
  try {
    const about = await stat(path)
    if (about.isFile()) return await goOn()
    return [{ code: 'load-file', message: `${key}: ${path} is not a file` }]
  } catch (error) {
    return [
      {
        code: 'load-file',
        message: `${key}: ${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`,
        hint: 'a path is relative to the folder of the file that names it',
      },
    ]
  }
}

const checkPem = async (
  key: string,
  path: string | undefined,
  what: string,
): Promise<readonly Problem[]> =>
  path === undefined
    ? []
    : checkThere(key, path, async () =>
        new RegExp(`-----BEGIN [A-Z ]*${what}-----`).test(await readFile(path, 'latin1'))
          ? []
          : [
              {
                code: 'load-file',
                message: `${key}: ${path} holds no ${what}`,
                hint: 'it must be a PEM file',
              },
            ],
      )

async function checkCsv(path: string, load: LoadSpec): Promise<readonly Problem[]> {
  const { size } = await stat(path)
  if (size > MAX_CSV_BYTES) {
    return [{ code: 'csv', message: `load.csv: ${path} is larger than 64 MiB` }]
  }
  const csv = readCsv(await readFile(path, 'utf8'))
  if ('message' in csv) {
    const place = { file: path, line: csv.line, column: 1, text: '', length: 1 }
    return [{ code: 'csv', message: csv.message, place }]
  }
  return columnsUsed(load)
    .filter((column) => !csv.names.includes(column))
    .map((column) => {
      const near = nearestWord(column, csv.names)
      return {
        code: 'csv',
        message: `{{csv.${column}}}: ${path} has no such column`,
        hint:
          near === undefined
            ? `its columns are ${csv.names.join(', ')}`
            : `did you mean "${near}"?`,
      }
    })
}

function columnsUsed({ requests, headers = {} }: LoadSpec): readonly string[] {
  const texts = [
    ...Object.values(headers),
    ...requests.flatMap((one) => [one.path, one.body ?? '', ...Object.values(one.headers)]),
  ]
  const columns = texts.flatMap((text) => {
    const template = readTemplate(text)
    if ('message' in template) return []
    return template.flatMap((part) =>
      typeof part !== 'string' && part.name === 'csv' ? part.column : [],
    )
  })
  return [...new Set(columns)]
}
