import type { Answer } from './answer.ts'
import type { ApiContext, ApiRequest } from './api-context.ts'
import type { Route } from './parse-route.ts'
import { refuse } from './answer.ts'
import { isTrue } from './api-context.ts'
import { noSuchPath } from './api-error.ts'
import { answerReview } from './access/answer-review.ts'
import { createToken } from './access/create-token.ts'
import { aggregatedDiscovery } from './aggregated-discovery.ts'
import { checkOptions } from './check-options.ts'
import { detailsOf } from './details-of.ts'
import { discoveryDocument, knowsGroup } from './discovery.ts'
import { createObject } from './handlers/create-object.ts'
import { deleteCollection, deleteObject } from './handlers/delete-objects.ts'
import { evictPod } from './handlers/evict-pod.ts'
import { readLog } from './handlers/read-log.ts'
import { getObject, listObjects } from './handlers/read-objects.ts'
import { scaleObject } from './handlers/scale-object.ts'
import { patchObject, replaceObject } from './handlers/update-object.ts'
import { watchObjects } from './handlers/watch-objects.ts'
import { noSubresource } from './no-subresource.ts'
import { openApiDocument } from './openapi/openapi-document.ts'
import { parseRoute } from './parse-route.ts'
import { serverDocument } from './server-documents.ts'

type Handler = (context: ApiContext, route: Route, request: ApiRequest) => Answer

/** Finds what a request is about and answers it; a path that means nothing gets a 404 Status. */
export function routeRequest(context: ApiContext, request: ApiRequest): Answer {
  if (request.method === 'GET') {
    const document = serverDocument(request.path) ?? openApiDocument(request.path)
    if (document) return document
    const aggregated = aggregatedDiscovery(request.path, request.accept)
    if (aggregated) return aggregated
    const discovery = discoveryDocument(request.path)
    if (discovery) return { code: 200, body: discovery }
  }
  const review = answerReview(context, request)
  if (review) return review
  const route = parseRoute(request.path)
  if (!route) return knowsGroup(request.path) ? refuse(noSuchPath) : pageNotFound
  const handlers = handlersOf(route, request)
  if (!handlers) return refuse(noSubresource(route), detailsOf(route))
  const handler = handlers[request.method]
  const mistake = handler && checkOptions(request)
  if (mistake) return refuse(mistake)
  if (handler) return handler(context, route, request)
  const message = 'the server does not allow this method on the requested resource'
  return refuse({ reason: 'MethodNotAllowed', message, details: {} })
}

/** Outside the groups that it serves the API server is a plain web server. */
const pageNotFound: Answer = {
  code: 404,
  text: '404 page not found\n',
  contentType: 'text/plain; charset=utf-8',
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
