import type { Answer } from './answer.ts'
import type { ApiContext, ApiRequest } from './api-context.ts'
import type { Route } from './parse-route.ts'
import { refuse } from './answer.ts'
import { isTrue } from './api-context.ts'
import { noSuchPath } from './api-error.ts'
import { answerReview } from './access/answer-review.ts'
import { createToken } from './access/create-token.ts'
import { checkOptions } from './check-options.ts'
import { detailsOf } from './details-of.ts'
import { discoveryDocument } from './discovery.ts'
import { createObject } from './handlers/create-object.ts'
import { deleteCollection, deleteObject } from './handlers/delete-objects.ts'
import { evictPod } from './handlers/evict-pod.ts'
import { readLog } from './handlers/read-log.ts'
import { getObject, listObjects } from './handlers/read-objects.ts'
import { scaleObject } from './handlers/scale-object.ts'
import { patchObject, replaceObject } from './handlers/update-object.ts'
import { watchObjects } from './handlers/watch-objects.ts'
import { parseRoute } from './parse-route.ts'
import { serverDocument } from './server-documents.ts'

type Handler = (context: ApiContext, route: Route, request: ApiRequest) => Answer

/** Finds what a request is about and answers it; a path that means nothing gets a 404 Status. */
export function routeRequest(context: ApiContext, request: ApiRequest): Answer {
  if (request.method === 'GET') {
    const document = serverDocument(request.path)
    if (document) return document
    const discovery = discoveryDocument(request.path)
    if (discovery) return { code: 200, body: discovery }
  }
  const review = answerReview(context, request)
  if (review) return review
  const route = parseRoute(request.path)
  if (!route) return refuse(noSuchPath)
  const handlers = handlersOf(route, request)
  if (!handlers) return refuse(noSuchPath, detailsOf(route))
  const handler = handlers[request.method]
  const mistake = handler && checkOptions(request)
  if (mistake) return refuse(mistake)
  if (handler) return handler(context, route, request)
  const message = 'the server does not allow this method on the requested resource'
  return refuse({ reason: 'MethodNotAllowed', message, details: {} })
}

function handlersOf(route: Route, request: ApiRequest): Record<string, Handler> | undefined {
  const read = isTrue(request.query, 'watch') ? watchObjects : undefined
  if (route.name === undefined) {
    return { GET: read ?? listObjects, POST: createObject, DELETE: deleteCollection }
  }
  const subresource = route.kind.subresources.find((one) => one === route.subresource)
  switch (subresource) {
    case 'status':
      return { GET: getObject, PUT: replaceObject, PATCH: patchObject }
    case 'scale':
      return { GET: scaleObject, PUT: scaleObject, PATCH: scaleObject }
    case 'log':
      return { GET: readLog }
    case 'token':
      return { POST: createToken }
    case 'eviction':
      return { POST: evictPod }
    case undefined:
      if (route.subresource !== undefined) return undefined
      return {
        GET: read ?? getObject,
        PUT: replaceObject,
        PATCH: patchObject,
        DELETE: deleteObject,
      }
  }
}
