/** The fields of Gateway API v1's kinds, in the form of `typeFields`; what the lab does not look at is `a`. */
export const gatewayFields: Readonly<Record<string, string>> = {
  GatewayClass:
    'apiVersion:s kind:s metadata:ObjectMeta spec:GatewayClassSpec status:GatewayClassStatus',
  GatewayClassSpec: 'controllerName:s description:s parametersRef:a',
  GatewayClassStatus: 'conditions:[Condition] supportedFeatures:a',
  Gateway: 'apiVersion:s kind:s metadata:ObjectMeta spec:GatewaySpec status:GatewayStatus',
  GatewaySpec:
    'addresses:[GatewayAddress] allowedListeners:a gatewayClassName:s infrastructure:a listeners:[GatewayListener] tls:a',
  GatewayAddress: 'type:s value:s',
  GatewayListener: 'allowedRoutes:AllowedRoutes hostname:s name:s port:i protocol:s tls:a',
  AllowedRoutes: 'kinds:[RouteGroupKind] namespaces:RouteNamespaces',
  RouteGroupKind: 'group:s kind:s',
  RouteNamespaces: 'from:s selector:LabelSelector',
  GatewayStatus:
    'addresses:[GatewayAddress] attachedListenerSets:i conditions:[Condition] listeners:[GatewayListenerStatus]',
  GatewayListenerStatus:
    'attachedRoutes:i conditions:[Condition] name:s supportedKinds:[RouteGroupKind]',
  HTTPRoute: 'apiVersion:s kind:s metadata:ObjectMeta spec:HTTPRouteSpec status:HTTPRouteStatus',
  HTTPRouteSpec:
    'hostnames:[s] parentRefs:[RouteParentRef] rules:[HTTPRouteRule] useDefaultGateways:s',
  RouteParentRef: 'group:s kind:s name:s namespace:s port:i sectionName:s',
  HTTPRouteRule:
    'backendRefs:[HTTPBackendRef] filters:[a] matches:[HTTPRouteMatch] name:s retry:a sessionPersistence:a timeouts:a',
  HTTPRouteMatch: 'headers:[a] method:s path:HTTPPathMatch queryParams:[a]',
  HTTPPathMatch: 'type:s value:s',
  HTTPBackendRef: 'filters:[a] group:s kind:s name:s namespace:s port:i weight:i',
  HTTPRouteStatus: 'parents:[RouteParentStatus]',
  RouteParentStatus: 'conditions:[Condition] controllerName:s parentRef:RouteParentRef',
}
