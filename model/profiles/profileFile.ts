import type { z } from 'zod'
import { fail } from '../../contract/error.ts'
import {
  type DerivedProfile,
  derivedProfileSchema,
  mapParameters,
  type Profile,
  profileSchema,
} from '../../contract/profile.ts'

/** Finds the profile that another one extends. */
export type FindProfile = (name: string) => Profile

/**
 * A checked profile from what a file holds.
 * @throws LabFailure `bad-profile` that names the file and the path in it of everything missing, unknown or wrong.
 */
export function parseProfile(content: unknown, file: string, findBase: FindProfile): Profile {
  const isDerived = typeof content === 'object' && content !== null && 'extends' in content
  if (!isDerived) return checked(profileSchema, content, file)
  const derived = checked(derivedProfileSchema, content, file)
  return derive(findBase(derived.extends), derived)
}

export function parseProfileText(text: string, file: string, findBase: FindProfile): Profile {
  let content: unknown
  try {
    // An editor may have put a byte order mark before it.
    content = JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text)
  } catch (cause) {
    fail('bad-profile', `${file} is not JSON: ${String(cause)}`, 'Correct the file and try again.', cause)
  }
  return parseProfile(content, file, findBase)
}

function checked<T>(schema: z.ZodType<T>, content: unknown, file: string): T {
  const parsed = schema.safeParse(content)
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map(issue => `${issue.path.map(String).join('.')}: ${issue.message}`)
  return fail(
    'bad-profile',
    `${file}: ${lines.join('; ')}`,
    'Correct the named places of the file and try again.',
  )
}

function derive(base: Profile, derived: DerivedProfile): Profile {
  const { name, title, notes, features, parameters } = derived
  return {
    name,
    title,
    notes,
    features: {
      heapCpuAccess: features.heapCpuAccess ?? base.features.heapCpuAccess,
      udmabufLimitOverflows: features.udmabufLimitOverflows ?? base.features.udmabufLimitOverflows,
    },
    parameters: mapParameters(id => parameters[id] ?? base.parameters[id]),
  }
}
