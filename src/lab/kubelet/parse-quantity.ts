const FACTORS: Readonly<Record<string, number>> = {
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

/** A Kubernetes quantity such as `250m`, `64Mi` or `1e3` as a number; undefined when it is none. */
export function parseQuantity(quantity: string | number): number | undefined {
  const match = /^([+-]?\d*\.?\d+(?:[eE][+-]?\d+)?|[+-]?\d+\.)([a-zA-Z]*)$/.exec(String(quantity))
  const factor = match && FACTORS[match[2] ?? '']
  return factor === null || factor === undefined ? undefined : Number(match?.[1]) * factor
}
