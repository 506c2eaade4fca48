/** What the store fills in when it takes an object. */
export const UNSTORED = { uid: '', resourceVersion: '', creationTimestamp: '' } as const
