import type { IngressProfile } from './profile.ts'
import { alb } from './profiles/alb.ts'
import { envoy } from './profiles/envoy.ts'
import { haproxy } from './profiles/haproxy.ts'
import { ingressNginx } from './profiles/ingress-nginx.ts'
import { realNginx } from './profiles/real-nginx.ts'
import { traefik } from './profiles/traefik.ts'

/** The controllers of the lab, by the name of the IngressClass that each of them comes with. */
export const INGRESS_PROFILES: Readonly<Record<string, IngressProfile>> = {
  nginx: ingressNginx,
  traefik,
  haproxy,
  envoy,
  alb,
  'real-nginx': realNginx,
}

/** The class of an Ingress that names none, as its annotation `is-default-class` says. */
export const DEFAULT_CLASS = 'nginx'
