import type { Random } from '../../base/random.ts'
import type { KubeObject, ResourceName } from './store.ts'

/** Uids and generated names. Each depends on the seed and on the object's own name, not on what else was created before. */
export interface Identities {
  uid(resource: ResourceName, object: KubeObject): string
  /** `generateName` and five more characters, not yet `taken`. */
  generateName(resource: ResourceName, object: KubeObject, taken: (name: string) => boolean): string
}

export function createIdentities(random: Random): Identities {
  const issued = new Set<string>()
  const streams = new Map<string, Random>()
  const streamFor = (purpose: string): Random => {
    const stream = streams.get(purpose) ?? random.stream(purpose)
    streams.set(purpose, stream)
    return stream
  }
  return {
    uid: (resource, object) => {
      const { namespace = '', name } = object.metadata
      const stream = random.stream(`uid ${resource} ${namespace}/${name}`)
      let uid = stream.uuid()
      while (issued.has(uid)) uid = stream.uuid()
      issued.add(uid)
      return uid
    },
    generateName: (resource, object, taken) => {
      const { namespace = '', generateName = '' } = object.metadata
      const stream = streamFor(`name ${resource} ${namespace}/${generateName}`)
      let name = generateName + stream.suffix(5)
      while (taken(name)) name = generateName + stream.suffix(5)
      return name
    },
  }
}
