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
  portName: (path: string, value: string): string =>
    `${path}: Invalid value: "${value}": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)`,
  percentage: (path: string, value: unknown): string =>
    `${path}: Invalid value: ${JSON.stringify(value)}: a valid percent string must be a numeric string followed by ` +
    "an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
}

export const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0

export const isPort = (value: unknown): boolean =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65535

export const isPortName = (value: string): boolean => /^[a-z0-9-]+$/.test(value)
