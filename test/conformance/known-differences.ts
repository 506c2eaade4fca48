interface Difference {
  /** Which of the case's compared answers, from 0. */
  readonly answers: readonly number[]
  readonly why: string
}

/** By title of a case: the answers that differ on the lab, and why that is left so. */
export const knownDifferences: Readonly<Record<string, Difference>> = {
  'Job objects are created, found once, labelled and deleted': {
    answers: [0, 2, 3],
    why: 'the lab puts no job-name and controller-uid labels on the Job itself',
  },
  'jobs are shown as a Table': { answers: [0], why: 'the same labels' },
  'a PUT with a stale resourceVersion is a conflict, one without writes anyway': {
    answers: [4],
    why: 'a wrong uid is a conflict on both; the real message quotes the key in etcd',
  },
  'what is not there is a 404 Status': {
    answers: [0, 4],
    why: 'outside the API the real server answers 404 as plain text, the lab with a Status',
  },
  'a body that is no JSON, or no object, is a bad request': {
    answers: [0, 1, 2],
    why: 'a bad request on both; the real message is that of the Go decoder',
  },
  'a namespace is created with its label and deleted in two steps': {
    answers: [0, 1],
    why: 'the lab keeps the finalizer of a namespace in its metadata, and only while it is deleted',
  },
  'dryRun=All of a Deployment and its scale shows generation and defaults': {
    answers: [1],
    why: 'the preview of an update does not raise the generation',
  },
  'finalizers hold an object until they are gone': {
    answers: [2],
    why: 'the lab lets finalizers be added to an object that is being deleted',
  },
  'two budgets for one pod are an error': {
    answers: [0],
    why: 'the lab names the reason of its 500 InternalError, the real server names none',
  },
  'label selectors of each operator select': {
    answers: [10, 11, 12],
    why: 'a bad request on both; the lab says less of what it expected',
  },
  'a list is paged with limit and continue': {
    answers: [3],
    why: 'a bad request on both; the real message is that of the Go decoder',
  },
  'a watch with a version that is none is refused, and one ends at its timeout': {
    answers: [0],
    why: 'the lab answers 400, the real server 500',
  },
  'strict field validation names duplicate fields': {
    answers: [1],
    why: 'a bad request on both for YAML; the wording is that of the YAML parser',
  },
  'strict field validation holds for patches and updates': {
    answers: [3],
    why: 'for an unknown field in an apply patch the real server answers 500, the lab 422',
  },
  'an invalid pod is refused in the words of Kubernetes': {
    answers: [11, 12],
    why: 'the lab does not check quantities, nor requests against limits',
  },
  'other invalid objects are refused in the words of Kubernetes': {
    answers: [4, 5, 6],
    why: 'budgets are refused on both, in other words',
  },
  'what is immutable stays': {
    answers: [2],
    why: 'refused on both; the real message ends in a diff of the Go structs',
  },
  'Services of each type get their defaults': {
    answers: [1, 4],
    why: 'a dry run on the lab allocates no address and no node port',
  },
  'a pod gets the defaults of probes, hooks and volumes': {
    answers: [0],
    why: 'the lab does not normalise quantities, copy limits to requests, or default volume sources and fieldRef',
  },
}
