import { expect, test } from 'vitest'
import { debianMirrors, releaseSourcesList } from './aptSources.ts'

test('takes the mirrors the machine already uses', () => {
  const text = [
    'nodistro https://vendor.example/node/',
    'bookworm http://mirror.example/debian/',
    'bookworm-updates http://mirror.example/debian/',
    'bookworm-security http://mirror.example/debian-security/',
    '',
  ].join('\n')
  expect(debianMirrors(text)).toEqual({
    main: 'http://mirror.example/debian/',
    security: 'http://mirror.example/debian-security/',
  })
})

test('a later Debian serves as well', () => {
  const mirrors = debianMirrors('trixie http://a.example/debian/\ntrixie-security http://b.example/sec/\n')
  expect(mirrors).toEqual({ main: 'http://a.example/debian/', security: 'http://b.example/sec/' })
})

test.each([
  '',
  'noble http://mirror.example/ubuntu/\nnoble-security http://mirror.example/ubuntu/\n',
  'bookworm http://a/',
])('is null without a Debian archive and its security archive: %j', text =>
  expect(debianMirrors(text)).toBeNull(),
)

test('the guest gets backports whatever the host has, verified by the archive keyring', () => {
  const lines = releaseSourcesList({ main: 'http://m/', security: 'http://s/' }, 'bookworm')
    .trim()
    .split('\n')
  expect(lines).toHaveLength(3)
  expect(lines[1]).toMatch(/^deb \[signed-by=\S+\.gpg\] http:\/\/m\/ bookworm-backports main$/)
  expect(lines[2]).toMatch(/http:\/\/s\/ bookworm-security main$/)
})
