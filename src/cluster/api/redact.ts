const HIDDEN = '***'

/** Forms of secrets that are known by their look: bearer tokens, JWTs, PEM blocks, passwords in URLs. */
const FORMS: readonly RegExp[] = [
  /-----BEGIN [^-]+-----[\s\S]*?(?:-----END [^-]+-----|$)/g,
  /(?<=\b(?:bearer|basic)\s+)[^\s"',]+/gi,
  /\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g,
  /(?<=:\/\/)[^/\s@]+(?=@)/g,
  /(?<=\b(?:token|secret|password|passwd|api[-_]?key|cookie|authorization)["']?\s*[:=]\s*["']?)[^\s"',;&]+/gi,
]

/** A text without the secrets that are known, and without what looks like one. */
export function redact(text: string, secrets: readonly string[]): string {
  let safe = text
  for (const secret of secrets) if (secret.length >= 4) safe = safe.replaceAll(secret, HIDDEN)
  for (const form of FORMS) safe = safe.replace(form, HIDDEN)
  return safe
}
