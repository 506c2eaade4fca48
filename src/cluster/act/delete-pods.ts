import { fail, succeed } from '../../base/result.ts'
import type { PodCount } from '../../scenario/scenario.ts'
import { apiProblem } from '../api-problem.ts'
import { corePath } from '../paths.ts'
import { choosePods, livePods } from './choose-pods.ts'
import type { Action } from './step-effect.ts'

/** `kubectl delete pod`: a plain DELETE for each pod; there is nothing to put back, the controller does. */
export const deletePods =
  (count: PodCount, gracePeriodSeconds: number | undefined): Action =>
  async ({ connection, workload, pods }) => {
    const live = livePods(pods())
    const chosen = choosePods(live, count).map((pod) => pod.name)
    const answers = await Promise.all(
      chosen.map((name) =>
        connection.client.call({
          method: 'DELETE',
          path: corePath(workload.namespace, 'pods', name),
          body: {
            apiVersion: 'v1',
            kind: 'DeleteOptions',
            propagationPolicy: 'Background',
            ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
          },
        }),
      ),
    )
    const refused = answers.find((answer) => !answer.ok && answer.error.status !== 404)
    if (refused && !refused.ok) return fail(apiProblem(refused.error, 'deleting a pod'))
    return succeed({ detail: `deleted ${chosen.length} of ${live.length}`, pods: chosen })
  }
