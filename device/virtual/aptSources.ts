/** The Debian release every guest package comes from, whatever release the host runs. */
export const GUEST_RELEASE = 'bookworm'

/** The release whose backports carry Debian's newest kernel. */
export const NEWEST_RELEASE = 'trixie'

const ARCHIVE_KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'

const DEBIAN_RELEASE = /^(bullseye|bookworm|trixie|forky|sid|oldstable|stable|testing|unstable)$/
const DEBIAN_SECURITY = /^(bullseye|bookworm|trixie|forky|oldstable|stable|testing)-security$/

export type DebianMirrors = { main: string; security: string }

/** `apt-get indextargets` arguments whose output `debianMirrors` reads: one `RELEASE URI` per line. */
export const INDEX_TARGET_ARGUMENTS = [
  'indextargets',
  '--no-release-info',
  '--format',
  '$(RELEASE) $(REPO_URI)',
  'Created-By: Packages',
]

/** The mirrors the machine is already configured to trust; null where it has no Debian archive. */
export function debianMirrors(indexTargets: string): DebianMirrors | null {
  const entries = indexTargets.split('\n').map(line => line.trim().split(/\s+/))
  const uriOf = (release: RegExp) => entries.find(([name]) => name !== undefined && release.test(name))?.[1]
  const main = uriOf(DEBIAN_RELEASE)
  const security = uriOf(DEBIAN_SECURITY)
  return main && security ? { main, security } : null
}

/** A sources.list(5) of its own, so that no other release ever has to be added to /etc/apt. */
export function releaseSourcesList(mirrors: DebianMirrors, release: string): string {
  const line = (uri: string, suite: string) => `deb [signed-by=${ARCHIVE_KEYRING}] ${uri} ${suite} main`
  return [
    line(mirrors.main, release),
    line(mirrors.main, `${release}-backports`),
    line(mirrors.security, `${release}-security`),
    '',
  ].join('\n')
}
