import { expect, test } from 'vitest'
import { droppedOptions } from './kernelConfig.ts'

test('names what Kconfig dropped, and nothing else', () => {
  const fragments = '# why\nCONFIG_A=y\nCONFIG_B=y\nCONFIG_N=64\n'
  expect(droppedOptions(fragments, 'CONFIG_A=y\n# CONFIG_B is not set\nCONFIG_N=8\nCONFIG_X=y\n')).toEqual([
    'CONFIG_B=y',
    'CONFIG_N=64',
  ])
})

test('of two lines for one option the later counts', () => {
  expect(
    droppedOptions('CONFIG_A=y\nCONFIG_B=y\nCONFIG_A=m\n# CONFIG_B is not set\n', 'CONFIG_A=m\n'),
  ).toEqual([])
})
