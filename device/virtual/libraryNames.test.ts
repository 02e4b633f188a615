import { expect, test } from 'vitest'
import { libraryNames } from './libraryNames.ts'

test('finds the libraries that a program names, each once', () => {
  const strings = ['', 'libbase.so.0', 'libstdc++.so.6', 'puts', 'libbase.so.0', '']
  expect(libraryNames(Buffer.from(strings.join('\0')))).toEqual(['libbase.so.0', 'libstdc++.so.6'])
})

test('a path, a message and the loader are none', () => {
  const strings = ['', '/lib/libc.so.6', 'cannot open libz.so.1', 'ld-linux-aarch64.so.1', 'libz.so.1x', '']
  expect(libraryNames(Buffer.from(strings.join('\0'), 'latin1'))).toEqual([])
})
