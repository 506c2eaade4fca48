/** Credentials could not be had. The message holds no secret and says what to do. */
export class CredentialError extends Error {
  readonly code = 'credentials'
}
