import { defineConfig } from 'vitest/config'

const project = (name: string, include: string[], more: object = {}) => ({
  test: { name, include, testTimeout: 30_000, hookTimeout: 60_000, ...more },
})

const SLOW = [
  'flow',
  'gate',
  'try',
  'hostile',
  'browser',
  'real-cluster',
  'accuracy',
  'library',
  'restore',
]

/**
 * unit: everything that needs no whole run. flow: whole runs of the built program, a file at a time. hostile: what
 * servers can do to a client, on both engines. accuracy: scored against the lab's truth. library: every scenario,
 * four at a time. browser and cluster need more than npm ci.
 */
export default defineConfig({
  test: {
    globalSetup: 'test/support/own-temporary-folder.ts',
    // A message shows the values that it is about; CI prints no more of a failed test.
    chaiConfig: { truncateThreshold: 1_000 },
    projects: [
      project('unit', ['test/**/*.test.{ts,tsx}'], {
        exclude: SLOW.map((folder) => `test/${folder}/**`),
      }),
      project('flow', ['test/{flow,gate,try}/**/*.test.ts'], {
        fileParallelism: false,
        testTimeout: 60_000,
        sequence: { groupOrder: 1 },
      }),
      project('hostile', ['test/hostile/**/*.test.ts'], { fileParallelism: false }),
      project('accuracy', ['test/accuracy/**/*.test.ts'], {
        fileParallelism: false,
        testTimeout: 600_000,
      }),
      project('library', ['test/library/**/*.test.ts'], {
        fileParallelism: false,
        maxConcurrency: 4,
        testTimeout: 300_000,
      }),
      project('restore', ['test/restore/**/*.test.ts'], { fileParallelism: false }),
      project('browser', ['test/browser/**/*.test.ts']),
      project('cluster', ['test/real-cluster/**/*.test.ts'], {
        fileParallelism: false,
        maxConcurrency: 3,
        testTimeout: 600_000,
      }),
    ],
  },
})
