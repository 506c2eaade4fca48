const SECRET_NAME =
  /(token|secret|passw|key|credential|bearer|authorization|cookie)\w*["']?\s*[:=]/i
const WORD = /^[("'[]*(?:[A-Z]?[a-z]{1,20}|[A-Z]{1,10}|\d{1,5}|I)[)"'\]]*[.,:;!?]*$/

/**
 * What may be shown of the text of a program that handles secrets: its plain words. Everything that could be a
 * token, a name with digits or an address becomes `…`, as does a line from the name of a secret on.
 */
export function plainWords(text: string, maxLength = 300): string {
  const words = text
    .split('\n')
    .map((line) => {
      const secret = SECRET_NAME.exec(line)
      return secret ? `${line.slice(0, secret.index)}…` : line
    })
    .join(' ')
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => (WORD.test(word) ? word : '…'))
  const shown = words.filter((word, index) => word !== '…' || words[index - 1] !== '…').join(' ')
  return shown.length > maxLength ? `${shown.slice(0, maxLength - 1)}…` : shown
}
