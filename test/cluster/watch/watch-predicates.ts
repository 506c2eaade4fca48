import type { ChangeType } from '../../../src/cluster/cluster-change.ts'
import type { Gap } from '../../../src/cluster/watch/reflect.ts'
import type { Counted, LedgerEvent } from './hostile-watch-api.ts'

/** A change as the code under test told it. */
export interface Told {
  readonly change: ChangeType
  readonly object: Counted
  readonly atUs: number
  readonly notBeforeUs?: number
}

export interface WatchHistory {
  readonly ledger: readonly LedgerEvent[]
  readonly told: readonly Told[]
  readonly gaps: readonly Gap[]
  /** What there is in the end, by name. */
  readonly matching: ReadonlyMap<string, Counted>
  /** Between a list's `from` and `to` only the last states are known. */
  readonly listed: readonly { readonly from: number; readonly to: number }[]
  readonly resumed: readonly { readonly version: number; readonly newestSent: number }[]
}

/** Between an emission and its arrival in this one, busy process. */
const DELAY_US = 60_000

const versionOf = (told: Told) => Number(told.object.metadata.resourceVersion)

/** etcd's seven guarantees of a watch, and that each told time is true: gives what is violated. */
export const PREDICATES: Readonly<Record<string, (history: WatchHistory) => string[]>> = {
  ordered({ told }) {
    const newest = new Map<string, number>()
    let newestOfAll = 0
    return told.flatMap((one) => {
      const { uid } = one.object.metadata
      const version = versionOf(one)
      const isBack = version < (newest.get(uid) ?? 0)
      // What a list found has the list's order.
      const isBackOfAll = one.notBeforeUs === undefined && version <= newestOfAll
      newest.set(uid, version)
      newestOfAll = Math.max(newestOfAll, version)
      return isBack || isBackOfAll ? [`${uid} at ${version} came late`] : []
    })
  },

  unique({ told }) {
    const seen = new Set<string>()
    return told.flatMap((one) => {
      const key = `${one.change} ${one.object.metadata.uid} ${versionOf(one)}`
      if (seen.has(key)) return [`${key} twice`]
      seen.add(key)
      return []
    })
  },

  atomic({ told, ledger }) {
    const emitted = new Map(ledger.map((event) => [event.version, event.object]))
    return told.flatMap((one) => {
      const truth = emitted.get(versionOf(one))
      return JSON.stringify(truth) === JSON.stringify(one.object)
        ? []
        : [`${versionOf(one)} was never so`]
    })
  },

  reliable({ told, ledger, gaps, matching, listed }) {
    const toldVersions = new Set(told.map(versionOf))
    const missed = ledger.filter(
      ({ version, atUs }) =>
        !toldVersions.has(version) &&
        !(
          listed.some(({ from, to }) => from < version && version <= to) &&
          (version <= (listed[0]?.to ?? 0) ||
            gaps.some((gap) => gap.fromUs - DELAY_US <= atUs && atUs <= gap.toUs))
        ),
    )
    const state = new Map<string, string>()
    for (const { change, object } of told) {
      const { name, resourceVersion } = object.metadata
      if (change === 'gone') state.delete(name)
      else state.set(name, resourceVersion)
    }
    const isSame =
      state.size === matching.size &&
      [...matching].every(([name, { metadata }]) => state.get(name) === metadata.resourceVersion)
    return [
      ...missed.map(({ version }) => `${version} missed without a list and a gap`),
      ...(isSame ? [] : ['the last state is not what there is']),
    ]
  },

  resumable: ({ resumed }) =>
    resumed.flatMap(({ version, newestSent }) =>
      version > newestSent ? [`resumed at ${version}, sent was ${newestSent}`] : [],
    ),

  bookmarkable({ told, resumed }) {
    // What a bookmark has passed is not told again after it.
    const versions = told.filter((one) => one.notBeforeUs === undefined).map(versionOf)
    const isRising = versions.every((version, index) => version > (versions[index - 1] ?? 0))
    const isForward = resumed.every(
      ({ version }, index) => version >= (resumed[index - 1]?.version ?? 0),
    )
    return isRising && isForward ? [] : ['a resumed watch went back behind its bookmark']
  },

  filtered({ told }) {
    const there = new Map<string, string>()
    return told.flatMap(({ change, object }) => {
      const { name, uid, labels } = object.metadata
      const isThere = there.get(name) === uid
      if (change === 'gone') there.delete(name)
      else there.set(name, uid)
      if (change !== 'gone' && labels?.['app'] !== 'web') return [`${uid} does not match`]
      return isThere === (change === 'appeared') ? [`${uid} ${change}, out of turn`] : []
    })
  },

  'true in time'({ told, ledger, gaps }) {
    const at = new Map(ledger.map((event) => [event.version, event.atUs]))
    return told.flatMap(({ change, object, atUs, notBeforeUs }) => {
      const version = Number(object.metadata.resourceVersion)
      // A deletion that a list found has the version of what was there before.
      const trueUs = change === 'gone' && notBeforeUs !== undefined ? undefined : at.get(version)
      if (trueUs === undefined) return []
      if (trueUs > atUs) return [`${version} was told before it happened`]
      if (notBeforeUs !== undefined)
        return trueUs < notBeforeUs - DELAY_US ? [`${version} was before its interval`] : []
      const hidden = gaps.some(
        (gap) => gap.toUs - gap.fromUs > 100_000 && gap.fromUs < trueUs && trueUs < gap.toUs,
      )
      return hidden ? [`${version} happened in a gap and was told as a moment`] : []
    })
  },
}
