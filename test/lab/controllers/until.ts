/** Waits for a condition, looking again every few milliseconds; fails with `what` after the deadline. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  deadlineMs = 5000,
): Promise<void> {
  const endAtMs = performance.now() + deadlineMs
  while (!(await condition())) {
    if (performance.now() > endAtMs) throw new Error(`not within ${String(deadlineMs)} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
