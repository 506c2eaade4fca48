import type { HostileBehaviour } from './behaviour.ts'
import { answers } from './behaviours/answers.ts'
import { endings } from './behaviours/endings.ts'
import { framing } from './behaviours/framing.ts'
import { heads } from './behaviours/heads.ts'
import { floods, silences, slowAnswers } from './behaviours/silences.ts'

/** What a server can do to a request over HTTP/1.1 that ends without a deadline. */
export const promptBehaviours: readonly HostileBehaviour[] = [
  ...endings,
  ...heads,
  ...framing,
  ...answers,
  ...slowAnswers,
  ...floods,
]

/** What only the deadline ends. */
export const silentBehaviours: readonly HostileBehaviour[] = silences

export const behaviours: readonly HostileBehaviour[] = [...promptBehaviours, ...silentBehaviours]
