import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { jsonSchemaOf } from '../src/cli/json-schema.ts'

/** Writes docs/schema/; a test fails while they are not what the sources say. */
for (const format of ['scenario', 'result'] as const) {
  writeFileSync(
    join(import.meta.dirname, '..', 'docs', 'schema', `${format}.schema.json`),
    jsonSchemaOf(format),
  )
}
