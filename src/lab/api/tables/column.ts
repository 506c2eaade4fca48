import type { KubeObject } from '../store.ts'
import { ageOf } from './human-duration.ts'

/** One column of a server-side table. */
export interface Column<T extends KubeObject> {
  readonly name: string
  readonly type: 'string' | 'integer'
  /** Shown only with `-o wide`. */
  readonly wide?: true
  readonly cell: (object: T) => string | number
}

export const nameColumn: Column<KubeObject> = {
  name: 'Name',
  type: 'string',
  cell: (object) => object.metadata.name,
}

export const ageColumn: Column<KubeObject> = {
  name: 'Age',
  type: 'string',
  cell: (object) => ageOf(object.metadata.creationTimestamp),
}

export const text = <T extends KubeObject>(
  name: string,
  cell: (object: T) => string,
): Column<T> => ({ name, type: 'string', cell })

export const count = <T extends KubeObject>(
  name: string,
  cell: (object: T) => number | undefined,
): Column<T> => ({ name, type: 'integer', cell: (object) => cell(object) ?? 0 })

/** A number in a column that the API server declares as text. */
export const countAsText = <T extends KubeObject>(
  name: string,
  cell: (object: T) => number | undefined,
): Column<T> => ({ name, type: 'string', cell: (object) => cell(object) ?? 0 })

/** The same column, shown only with `-o wide`. */
export const wide = <T extends KubeObject>(column: Column<T>): Column<T> => ({
  ...column,
  wide: true,
})
