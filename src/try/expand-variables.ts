const VARIABLE = /\\\$|\$(?:(\w+)|\{(\w+)(?::([-+])([^}]*))?\})/g

/** `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME:+instead}` as a Dockerfile has them; an unknown one is empty. */
export function expandVariables(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(
    VARIABLE,
    (
      whole: string,
      plain: string | undefined,
      braced: string | undefined,
      operator: string | undefined,
      word: string | undefined,
    ) => {
      if (whole === '\\$') return '$'
      const value = values[plain ?? braced ?? ''] ?? ''
      if (operator === '-') return value === '' ? (word ?? '') : value
      if (operator === '+') return value === '' ? '' : (word ?? '')
      return value
    },
  )
}
