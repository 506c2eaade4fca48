import type { IngressProfile } from '../profile.ts'
import { ingressNginx } from './ingress-nginx.ts'

/**
 * The nginx of this machine, its configuration written and reloaded as the controllers without Lua do it (NGINX Inc.'s, and
 * ingress-nginx before 0.18): at most once a second. With a reload the old workers end their idle client connections.
 * Limits and tries are ingress-nginx's, here as directives of nginx itself.
 */
export const realNginx: IngressProfile = {
  ...ingressNginx,
  name: 'real-nginx',
  controller: 'nginx.org/ingress-controller',
  timing: { kind: 'throttle', intervalMs: 1_000, pollMs: 0 },
  program: ['nginx'],
}
