import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { text } from 'node:stream/consumers'
import type { LabCredentials } from './lab-child.ts'

/** Asks the lab's own paths: GET, or PUT when there is a body. Throws when the lab is gone or refuses. */
export function askLab(url: string, credentials?: LabCredentials, body?: object): Promise<unknown> {
  const options = {
    method: body ? 'PUT' : 'GET',
    headers: {
      'content-type': 'application/json',
      ...(credentials && { authorization: `Bearer ${credentials.adminToken}` }),
    },
    agent: false,
    ...(credentials && { ca: credentials.certificate }),
  } as const
  const send = credentials ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const outgoing = send(url, options, (response) => {
      const { statusCode } = response
      if (statusCode === 200) resolve(text(response).then((json) => JSON.parse(json) as unknown))
      else reject(new Error(`the lab answered ${String(statusCode)}`))
    })
    outgoing.once('error', reject)
    outgoing.end(body && JSON.stringify(body))
  })
}
