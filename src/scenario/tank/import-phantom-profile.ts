import { linesOf } from './import-requests.ts'
import { importWords } from './import-words.ts'
import type { LoadDraft } from './load-draft.ts'
import { isMap, type TankPath, type TankSection, textOf } from './tank-section.ts'

/** Imports phantom's schedule, in the new spelling or the old; gives what the load is made of. */
export function importProfile(section: TankSection, draft: LoadDraft): 'schedule' | 'users' {
  const { notes } = section
  const profile = section.take('load_profile')
  const words = (value: unknown) => linesOf(value).join(' ')
  if (isMap(profile)) {
    const type = textOf(profile['load_type']) ?? 'rps'
    const path = section.at('load_profile', 'schedule')
    if (profile['load_type'] !== undefined)
      notes.mapped(
        section.at('load_profile', 'load_type'),
        `load.${type === 'instances' ? 'users' : 'schedule'}`,
      )
    if (type !== 'rps' && type !== 'instances') {
      notes.problem(
        section.at('load_profile', 'load_type'),
        'tank-profile',
        `"${type}" cannot be imported`,
        type === 'stpd_file'
          ? 'an stpd file holds requests and times in one; import the config from which it was made'
          : 'there are rps and instances',
      )
      return 'schedule'
    }
    const kind = type === 'rps' ? 'schedule' : 'users'
    return takeWords(section, draft, kind, words(profile['schedule']), path)
  }
  const users = section.take('instances_schedule')
  const rps = section.take('rps_schedule')
  if (rps !== undefined) {
    return takeWords(section, draft, 'schedule', words(rps), section.at('rps_schedule'))
  }
  if (users !== undefined) {
    return takeWords(section, draft, 'users', words(users), section.at('instances_schedule'))
  }
  notes.problem(
    section.path,
    'tank-profile',
    'load_profile is missing: how many requests a second?',
  )
  return 'schedule'
}

function takeWords(
  section: TankSection,
  draft: LoadDraft,
  kind: 'schedule' | 'users',
  text: string,
  path: TankPath,
): 'schedule' | 'users' {
  const written = importWords(section, path, text, kind)
  if (written === undefined) return kind
  if (kind === 'schedule') draft.load.schedule = written
  else {
    draft.load.users = written
    section.notes.comment(
      'load.users',
      'Tank goes on until its ammo is used up; podtank until the words end',
    )
  }
  return kind
}
