import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fail, LabFailure, reasonOf } from '../../contract/error.ts'
import { type Profile, type ProfileSummary, profileNameSchema } from '../../contract/profile.ts'
import { didYouMean } from '../../findings/words/didYouMean.ts'
import { bundledProfile, bundledProfileNames, isBundled } from '../../model/profiles/bundledProfiles.ts'
import { parseProfileText } from '../../model/profiles/profileFile.ts'

/** The lab's profiles and those that users keep as `<name>.json` in one folder. */
export class ProfileShelf {
  readonly #directory: string

  constructor(dataDirectory: string) {
    this.#directory = join(dataDirectory, 'profiles')
  }

  list(): ProfileSummary[] {
    return [...bundledProfileNames, ...this.#ownNames()].map(name => {
      const common = { name, bundled: isBundled(name) }
      try {
        return { ...common, title: this.get(name).title, problem: '' }
      } catch (thrown) {
        if (!(thrown instanceof LabFailure)) throw thrown
        return { ...common, title: name, problem: thrown.message }
      }
    })
  }

  /** @throws LabFailure `not-found`, or `bad-profile` with the path in the file. */
  get(name: string): Profile {
    return this.#find(name, [])
  }

  /** @throws LabFailure `forbidden` for the name of one of the lab's own, `store-failed` where it cannot be kept. */
  save(profile: Profile): void {
    this.refuseBundled(profile.name)
    const file = this.#fileOf(profile.name)
    try {
      this.#makeDirectory()
      // Written beside and renamed, so that a full disk leaves the old profile in place.
      const beside = `${file}.${process.pid}.new`
      rmSync(beside, { force: true })
      writeFileSync(beside, `${JSON.stringify(profile, null, 2)}\n`, { flag: 'wx' })
      renameSync(beside, file)
    } catch (thrown) {
      const reason = reasonOf(thrown)
      fail('store-failed', `${file} cannot be written: ${reason}`, 'Give it space and write access.', thrown)
    }
  }

  delete(name: string): void {
    this.refuseBundled(name)
    if (!this.#ownNames().includes(name)) this.#notFound(name)
    rmSync(this.#fileOf(name))
  }

  /** @throws LabFailure `forbidden` for the name of one of the lab's own. */
  refuseBundled(name: string): void {
    if (!isBundled(name)) return
    fail('forbidden', `the profile ${name} comes with the lab and stays as it is`, 'Choose another name.')
  }

  #find(name: string, extendedBy: readonly string[]): Profile {
    if (extendedBy.includes(name)) {
      fail('bad-profile', `the profile ${name} extends itself`, 'Correct "extends" in its file.')
    }
    if (isBundled(name)) return bundledProfile(name)
    if (!this.#ownNames().includes(name)) this.#notFound(name)
    const file = this.#fileOf(name)
    const findBase = (base: string) => this.#find(base, [...extendedBy, name])
    const profile = parseProfileText(readFileSync(file, 'utf8'), file, findBase)
    if (profile.name === name) return profile
    return fail(
      'bad-profile',
      `${file}: name: is "${profile.name}", but the file is named ${name}.json`,
      'Give both the same name.',
    )
  }

  #ownNames(): string[] {
    try {
      return readdirSync(this.#directory)
        .filter(entry => entry.endsWith('.json'))
        .map(entry => basename(entry, '.json'))
        .filter(name => profileNameSchema.safeParse(name).success && !isBundled(name))
        .sort()
    } catch {
      // No folder: nobody has saved a profile yet.
      return []
    }
  }

  /** The data folder is the shell's to make: this one level alone. */
  #makeDirectory(): void {
    try {
      mkdirSync(this.#directory, { mode: 0o700 })
    } catch (thrown) {
      if (!existsSync(this.#directory)) throw thrown
    }
  }

  #fileOf(name: string): string {
    return join(this.#directory, `${name}.json`)
  }

  #notFound(name: string): never {
    const names = [...bundledProfileNames, ...this.#ownNames()]
    const hint = didYouMean(name, names) || `Choose one of: ${names.join(', ')}.`
    return fail('not-found', `there is no profile "${name}"`, hint)
  }
}
