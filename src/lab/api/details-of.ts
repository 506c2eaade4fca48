import type { StatusDetails } from './api-error.ts'
import type { Route } from './parse-route.ts'

/** The `details` of a Status about the object of a route. */
export const detailsOf = (route: Route, name = route.name): StatusDetails => ({
  ...(name === undefined ? {} : { name }),
  ...(route.kind.group === '' ? {} : { group: route.kind.group }),
  kind: route.kind.resource,
})
