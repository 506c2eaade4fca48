import { z } from 'zod'
import { resultSchema } from '../report/result.ts'
import { scenarioSchema } from '../scenario/schema.ts'

/** The JSON Schema (2020-12) of a format, as text; the files under `docs/schema/` are this. */
export function jsonSchemaOf(format: 'scenario' | 'result'): string {
  const schema =
    format === 'scenario'
      ? z.toJSONSchema(scenarioSchema, { io: 'input', reused: 'ref' })
      : z.toJSONSchema(resultSchema, { io: 'output' })
  return `${JSON.stringify({ title: `podtank ${format}`, ...schema }, null, 2)}\n`
}
