import type { ConformanceCase } from './conformance-case.ts'
import { clientCases } from './cases/clients.ts'
import { crudCases } from './cases/crud.ts'
import { deleteCases, evictionCases } from './cases/deletes.ts'
import { listCases, watchCases } from './cases/reads.ts'
import { reviewCases } from './cases/reviews.ts'
import { strictCases, validationCases } from './cases/validation.ts'
import { dryRunCases, patchCases, scaleCases } from './cases/writes.ts'

/** What the lab and a real API server are both asked. */
export const conformanceCases: readonly ConformanceCase[] = [
  ...crudCases,
  ...patchCases,
  ...dryRunCases,
  ...scaleCases,
  ...deleteCases,
  ...evictionCases,
  ...listCases,
  ...watchCases,
  ...strictCases,
  ...validationCases,
  ...reviewCases,
  ...clientCases,
]
