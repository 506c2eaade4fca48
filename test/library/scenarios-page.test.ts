import { expect, it } from 'vitest'
import { scenariosPage } from './scenarios-page.ts'

it('docs/scenarios.md says what the tests expect; vitest -u writes it anew', async () => {
  await expect(await scenariosPage()).toMatchFileSnapshot('../../docs/scenarios.md')
})
