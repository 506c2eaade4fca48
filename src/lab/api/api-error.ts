/** A refusal on its way to the wire, where it becomes a Kubernetes `Status`. */
export interface ApiError {
  readonly reason: keyof typeof codes
  readonly message: string
  /** Says more exactly than the route what the Status is about. */
  readonly details?: StatusDetails
  /** With which an expired list goes on. */
  readonly continue?: string
}

const codes = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  Conflict: 409,
  AlreadyExists: 409,
  Gone: 410,
  Expired: 410,
  UnsupportedMediaType: 415,
  Invalid: 422,
  TooManyRequests: 429,
  InternalError: 500,
} as const

/** What a `Status` says about the object in question. */
export interface StatusDetails {
  readonly name?: string
  readonly group?: string
  readonly kind?: string
  readonly uid?: string
  readonly causes?: readonly {
    readonly reason: string
    readonly message: string
    readonly field?: string
  }[]
  readonly retryAfterSeconds?: number
}

export const httpCode = (error: ApiError): number => codes[error.reason]

/** A metav1.Status with status Failure. */
export const failureStatus = (error: ApiError, details?: StatusDetails) => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: error.continue === undefined ? {} : { continue: error.continue },
  status: 'Failure',
  message: error.message,
  reason: error.reason,
  ...((error.details ?? details) ? { details: error.details ?? details } : {}),
  code: httpCode(error),
})

/** A metav1.Status with status Success, as most kinds answer a DELETE. */
export const successStatus = (details: StatusDetails) => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  details,
})

export const badRequest = (message: string): ApiError => ({ reason: 'BadRequest', message })

export const noSuchPath: ApiError = {
  reason: 'NotFound',
  message: 'the server could not find the requested resource',
  details: {},
}
