import { expect, test } from 'vitest'
import type { ContainerState, PodStatus } from '../../../../src/lab/api/kinds/pod.ts'
import { podStatusCell } from '../../../../src/lab/api/tables/pod-columns.ts'
import { pod } from '../../controllers/manifests.ts'

const container = (state: ContainerState, ready = false) => ({
  name: 'web',
  ready,
  restartCount: 0,
  image: '',
  imageID: '',
  state,
})

const running: PodStatus = {
  phase: 'Running',
  containerStatuses: [container({ running: {} }, true)],
}

const waiting: PodStatus = {
  phase: 'Running',
  containerStatuses: [container({ waiting: { reason: 'CrashLoopBackOff' } })],
}

const ended = (phase: 'Succeeded' | 'Failed', exitCode: number, reason?: string): PodStatus => ({
  phase,
  containerStatuses: [container({ terminated: { exitCode, ...(reason ? { reason } : {}) } })],
})

test.each<[PodStatus, boolean, string]>([
  [running, false, 'Running'],
  [running, true, 'Terminating'],
  [{ phase: 'Pending' }, false, 'Pending'],
  [waiting, false, 'CrashLoopBackOff'],
  [ended('Succeeded', 0, 'Completed'), true, 'Completed'],
  [ended('Failed', 143, 'Error'), true, 'Error'],
  [ended('Failed', 3), false, 'ExitCode:3'],
  [{ phase: 'Failed', reason: 'Evicted' }, false, 'Evicted'],
])('%j with deletion %s shows %s', (status, deleting, expected) => {
  const metadata = deleting ? { deletionTimestamp: '2030-01-01T00:00:00Z' } : {}
  const shown = { ...pod('web', metadata), status }
  expect(podStatusCell(shown)).toBe(expected)
})
