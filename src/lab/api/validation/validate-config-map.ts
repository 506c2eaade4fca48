import type { KubeObject } from '../store.ts'

/** The mistakes of a ConfigMap's keys. */
export function validateConfigMap(object: KubeObject): string[] {
  const { data = {}, binaryData = {} } = object as KubeObject & {
    data?: Record<string, string>
    binaryData?: Record<string, string>
  }
  return [...keysOf('data', data, binaryData), ...keysOf('binaryData', binaryData, {})]
}

function keysOf(field: string, data: object, other: object): string[] {
  return Object.keys(data).flatMap((key) => {
    const path = `${field}[${key}]: Invalid value: "${key}": `
    if (!/^[-._a-zA-Z0-9]+$/.test(key)) {
      return [
        `${path}a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or ` +
          "'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
      ]
    }
    return key in other ? [`${path}duplicate of key present in binaryData`] : []
  })
}
