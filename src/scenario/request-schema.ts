import { z } from 'zod'
import { readJsonPath } from './read-json-path.ts'
import { readTemplate } from './read-template.ts'

/** The keys of a request, as a person writes them. */

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** Refuses unknown variables, and says at which character. */
function checkTemplate(text: string, context: z.RefinementCtx<string>): void {
  const read = readTemplate(text)
  if ('message' in read) {
    context.addIssue({
      code: 'custom',
      message: read.message,
      ...(!text.includes('\n') && { params: { offset: read.offset, length: read.length } }),
    })
  }
}

const headerName = z.string().regex(HEADER_NAME, 'must be the name of a header')

// Bytes above ASCII have no agreed meaning in a header (RFC 9110, 5.5), and some would end its line.
const headerValue = z
  .string()
  .regex(/^[\t\x20-\x7e]*$/, 'must be plain ASCII without line breaks')
  .superRefine(checkTemplate)

/** Header lines: name and value, which may hold variables. */
export const headersSchema = z.record(headerName, headerValue)

const STATUS = 'must be a status such as 200, or a mask such as 2xx'

const statusOrMask = z.union(
  [z.int().min(100).max(999), z.string().regex(/^[1-9](?:\d\d|\dx|xx)$/, STATUS)],
  { error: STATUS },
)

const oneOrMoreTexts = z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(100)], {
  error: 'must be a text, or a list of texts',
})

const jsonPath = z
  .string()
  .refine((text) => readJsonPath(text) !== undefined, 'must be a path such as data.items[0].id')

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()], {
  error: 'must be a text, a number, true, false or null',
})

/** Which answers are ok. */
export const responseExpectationSchema = z.strictObject({
  status: z
    .union([statusOrMask, z.array(statusOrMask).min(1).max(100)], {
      error: 'must be a status, or a list of statuses',
    })
    .optional(),
  headers: z.record(headerName, z.string()).optional(),
  body: z
    .strictObject({
      contains: oneOrMoreTexts.optional(),
      not: oneOrMoreTexts.optional(),
      json: z.record(jsonPath, scalar).optional(),
    })
    .optional(),
})

const wholeRequest = z.strictObject({
  method: z.enum(METHODS).default('GET'),
  path: z
    .string()
    .regex(/^\/[\x21-\x7e]*$/, 'must begin with / and hold no blanks')
    .superRefine(checkTemplate),
  headers: headersSchema.default({}),
  body: z.string().max(1_000_000).superRefine(checkTemplate).optional(),
  tag: z
    .string()
    .regex(/^[\w.-]{1,60}$/, 'must be a short word')
    .optional(),
  weight: z.int().min(1).max(1_000).default(1),
  expect: responseExpectationSchema.optional(),
})

const shortRequest = z
  .string()
  .regex(
    new RegExp(`^(?:(?:${METHODS.join('|')}) )?/[\\x21-\\x7e]*$`),
    `must be a path, or a method (${METHODS.join(', ')}) and a path: GET /`,
  )
  .superRefine(checkTemplate)

/** A request: `GET /`, or its keys. */
export const requestSchema = z.union([shortRequest, wholeRequest])

/** A request that fits the schema, defaults filled in. */
export type RequestFile = z.output<typeof requestSchema>

/** An `expect:` of a request that fits the schema. */
export type ResponseExpectationFile = z.output<typeof responseExpectationSchema>
