import { expect, test } from 'vitest'
import { pagesOfModule } from './pageOwner.ts'

const ofModule = ` get_page_from_freelist+0x1689/0x1980
 __alloc_pages_noprof+0x220/0x4a0
 lab_gather_allocate+0x9a/0x210 [dmabuf_lab]
 lab_load_serial+0x3a/0xd0 [dmabuf_lab]
nr_base_pages: 256`
const ofSlab = ` get_page_from_freelist+0x1689/0x1980
 __alloc_pages_noprof+0x220/0x4a0
 new_slab+0x60/0x90
 lab_load_create+0x9a/0x210 [dmabuf_lab]
nr_base_pages: 8`
const ofPageTable = ` get_page_from_freelist+0x1689/0x1980
 __alloc_pages_noprof+0x220/0x4a0
 __pte_alloc_kernel+0x1e/0x210
 vmap+0x145/0x1d0
 system_heap_vmap+0x3a4/0x470
 lab_run+0x45a/0x740 [dmabuf_lab]
nr_base_pages: 15`

test('finds the pages the module took itself, not what was taken for it', () => {
  const stacks = `${[ofPageTable, ofModule, ofSlab].join('\n\n')}\n\n`
  expect(pagesOfModule(stacks)).toEqual([ofModule.trim()])
  expect(pagesOfModule('')).toEqual([])
})
