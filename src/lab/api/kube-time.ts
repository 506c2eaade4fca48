/** An instant as metav1.Time: RFC 3339, UTC, truncated to whole seconds. */
export const kubeTime = (epochMs: number = Date.now()): string =>
  `${new Date(Math.floor(epochMs / 1000) * 1000).toISOString().slice(0, 19)}Z`
