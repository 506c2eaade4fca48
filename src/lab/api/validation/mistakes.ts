/** The sentences of Kubernetes' field errors that several kinds share. */
export const mistakes = {
  required: (path: string, detail = ''): string =>
    `${path}: Required value${detail === '' ? '' : `: ${detail}`}`,
  negative: (path: string, value: unknown): string =>
    `${path}: Invalid value: ${String(value)}: must be greater than or equal to 0`,
  unsupported: (path: string, value: unknown, supported: readonly string[]): string =>
    `${path}: Unsupported value: ${JSON.stringify(value)}: supported values: ` +
    supported.map((one) => `"${one}"`).join(', '),
  port: (path: string, value: unknown): string =>
    `${path}: Invalid value: ${String(value)}: must be between 1 and 65535, inclusive`,
  percentage: (path: string, value: unknown): string =>
    `${path}: Invalid value: ${JSON.stringify(value)}: a valid percent string must be a numeric string followed by ` +
    "an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
}

export const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0

export const isPort = (value: unknown): boolean =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65535
