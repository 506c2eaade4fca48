import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestCluster, type TestCluster } from '../lab/api/start-test-cluster.ts'
import type { ApiAccess } from './api-client.ts'
import type { CaseAnswer } from './conformance-case.ts'
import { conformanceCases } from './conformance-cases.ts'
import { createConformanceNamespace, type ConformanceNamespace } from './conformance-namespace.ts'
import { knownDifferences } from './known-differences.ts'
import { runCase } from './run-case.ts'

const recorded = JSON.parse(
  readFileSync(new URL('./real-answers.json', import.meta.url), 'utf8'),
) as Record<string, CaseAnswer[]>

const ADMIN = 'of-the-conformance-tests'

let cluster: TestCluster
let access: ApiAccess
let namespace: ConformanceNamespace

beforeAll(async () => {
  cluster = await startTestCluster(1, 1, { adminToken: ADMIN })
  cluster.kubelet.stop()
  access = { server: cluster.url, options: { headers: { authorization: `Bearer ${ADMIN}` } } }
  namespace = await createConformanceNamespace(access)
})

afterAll(async () => {
  await cluster.close()
})

describe('the lab answers as a real API server does', () => {
  it.each(conformanceCases)('$title', async (one) => {
    const answers = await runCase(access, namespace.name, one)
    const real = recorded[one.title] ?? []
    const differing = real.flatMap((answer, index) =>
      isSame(answers[index], answer) ? [] : [index],
    )
    const known = knownDifferences[one.title]?.answers ?? []
    for (const index of differing) {
      if (!known.includes(index)) expect(answers[index], `answer ${index}`).toEqual(real[index])
    }
    expect(differing, 'differences that are gone must leave the list').toEqual(known)
  })
})

function isSame(left: unknown, right: unknown): boolean {
  try {
    expect(left).toEqual(right)
    return true
  } catch {
    return false
  }
}
