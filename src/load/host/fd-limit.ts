/** Reads the soft limit of open files from `/proc/self/limits`; Infinity when unlimited, undefined for anything else. */
export function readFdLimit(limits: string): number | undefined {
  const soft = /^Max open files +(\d+|unlimited)/m.exec(limits)?.[1]
  if (soft === undefined) return undefined
  return soft === 'unlimited' ? Infinity : Number(soft)
}
