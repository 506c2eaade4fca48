import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessOfKubeconfig, type ApiAccess } from '../conformance/api-client.ts'
import type { CaseAnswer } from '../conformance/conformance-case.ts'
import { conformanceCases } from '../conformance/conformance-cases.ts'
import {
  createConformanceNamespace,
  type ConformanceNamespace,
} from '../conformance/conformance-namespace.ts'
import { runCase } from '../conformance/run-case.ts'

const file = new URL('../conformance/real-answers.json', import.meta.url)
const recorded = JSON.parse(readFileSync(file, 'utf8')) as Record<string, CaseAnswer[]>
/** Set to write the answers of this cluster down instead of comparing them. */
const records = process.env['PODTANK_RECORD_ANSWERS'] !== undefined

let access: ApiAccess
let namespace: ConformanceNamespace

beforeAll(async () => {
  access = accessOfKubeconfig(process.env['PODTANK_TEST_CLUSTER'] ?? '')
  namespace = await createConformanceNamespace(access)
})

afterAll(async () => {
  await namespace.remove()
  if (records) writeFileSync(file, `${JSON.stringify(recorded, undefined, 1)}\n`)
})

describe('a real API server still answers as it did when its answers were recorded', () => {
  it.each(conformanceCases)('$title', async (one) => {
    const answers = await runCase(access, namespace.name, one)
    if (records) recorded[one.title] = answers
    else expect(answers).toEqual(recorded[one.title])
  })
})
