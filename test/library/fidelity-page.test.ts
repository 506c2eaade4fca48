import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ROOT } from '../support/podtank.ts'
import { fidelityPage } from './fidelity-page.ts'

const PATH = join(ROOT, 'docs', 'fidelity.md')

it('docs/fidelity.md holds what was measured on lab and cluster; vitest -u writes it anew', async () => {
  await expect(await fidelityPage(PATH)).toMatchFileSnapshot(PATH)
})
