import { nginxScript, phpFpmScript } from './real-program-scripts.ts'

/** An image whose program is a real one of this machine. */
export interface RealProgram {
  /** Any one of each group must be installed; the script gets its path as the group's variable. */
  readonly needs: Readonly<Record<string, readonly string[]>>
  /** What `/bin/sh` runs as PID 1; it ends in `exec` of the program, unless the point is that it does not. */
  readonly script: string
  /** In front of the shell. */
  readonly init?: readonly string[]
  readonly stopSignal: NodeJS.Signals
}

const NGINX = { NGINX: ['nginx'] }
const RUN_NGINX = '"$NGINX" -p "$PWD" -e stderr -c nginx.conf -g "daemon off;"'

/** They behave as the images of the same names that the tests on a real cluster use. */
export const realPrograms: ReadonlyMap<string, RealProgram> = new Map<string, RealProgram>([
  // As the official image was before 2020: SIGTERM, nginx's fast shutdown.
  ['nginx:sigterm', nginx({ script: `exec ${RUN_NGINX}` })],
  // As it is since: SIGQUIT, the graceful one.
  ['nginx:sigquit', nginx({ script: `exec ${RUN_NGINX}`, stopSignal: 'SIGQUIT' })],
  // start.sh does not exec: PID 1 is sh, which passes no signal on.
  ['nginx-shell:1', nginx({ script: `${RUN_NGINX}\necho "start.sh: nginx ended with $?"` })],
  // tini signals the shell, which dies and takes nginx along; with TINI_KILL_PROCESS_GROUP=1 nginx gets it too.
  [
    'nginx-tini:1',
    nginx({
      script: `${RUN_NGINX}\necho "start.sh: nginx ended with $?"`,
      needs: { ...NGINX, TINI: ['tini'] },
      init: ['tini', '--'],
    }),
  ],
  [
    'phpfpm:1',
    {
      needs: { PHP_FPM: ['php-fpm', 'php-fpm8.4', 'php-fpm8.3', 'php-fpm8.2', 'php-fpm8.1'] },
      script: `${phpFpmScript}\nexec "$PHP_FPM" -F -O -R -y php-fpm.conf`,
      stopSignal: 'SIGQUIT',
    },
  ],
])

function nginx(more: Partial<RealProgram> & { readonly script: string }): RealProgram {
  return {
    needs: NGINX,
    stopSignal: 'SIGTERM',
    ...more,
    script: `${nginxScript}\n${more.script}`,
  }
}
