interface Difference {
  /** Which of the case's compared answers, from 0. */
  readonly answers: readonly number[]
  readonly why: string
}

/** By title of a case: the answers that differ on the lab, and why that is left so. */
export const knownDifferences: Readonly<Record<string, Difference>> = {
  'a namespace is created with its label and deleted in two steps': {
    answers: [0, 1],
    why: 'the lab keeps the finalizer of a namespace in its metadata, and only while it is deleted',
  },
  'finalizers hold an object until they are gone': {
    answers: [2],
    why: 'a new finalizer is refused on both; the real server lists its cause twice',
  },
  'a list is paged with limit and continue': {
    answers: [3],
    why: 'a bad request on both; the real message is that of the Go decoder',
  },
  'strict field validation names duplicate fields': {
    answers: [1],
    why: 'a bad request on both for YAML; the wording is that of the YAML parser',
  },
  'strict field validation holds for patches and updates': {
    answers: [3],
    why: 'for an unknown field in an apply patch the real server answers 500, the lab 422',
  },
  'what is immutable stays': {
    answers: [2],
    why: 'refused on both; the real message ends in a diff of the Go structs',
  },
  'Services of each type get their defaults': {
    answers: [1, 4],
    why: 'a dry run on the lab allocates no address and no node port',
  },
}
