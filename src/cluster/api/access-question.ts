/** The question to kubectl that shows whether a call is allowed: `kubectl auth can-i patch deployments -n shop`. */
export function accessQuestion(method: string, path: string, isWatch: boolean): string | undefined {
  const [, namespace, resource, name, subresource] =
    /^\/(?:api\/[^/]+|apis\/[^/]+\/[^/]+)(?:\/namespaces\/([^/]+)(?=\/))?\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(
      path,
    ) ?? []
  if (resource === undefined) return undefined
  const verbs: Readonly<Record<string, string>> = {
    POST: 'create',
    PUT: 'update',
    PATCH: 'patch',
    DELETE: name === undefined ? 'deletecollection' : 'delete',
    GET: isWatch ? 'watch' : name === undefined ? 'list' : 'get',
  }
  const what = subresource === undefined ? resource : `${resource}/${subresource}`
  const where = namespace === undefined ? '' : ` -n ${namespace}`
  return `kubectl auth can-i ${verbs[method] ?? method} ${what}${where}`
}
