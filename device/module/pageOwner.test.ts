import { expect, test } from 'vitest'
import { pagesOfModule } from './pageOwner.ts'

const ofModule = ` get_page_from_freelist+0x1b0/0x400
 alloc_pages_noprof+0x60/0x90
 lab_gather_allocate+0x9a/0x210 [dmabuf_lab]
 lab_load_serial+0x3a/0xd0 [dmabuf_lab]
nr_base_pages: 256`
const ofSlab = ` get_page_from_freelist+0x1b0/0x400
 allocate_slab+0x60/0x90
 lab_load_create+0x9a/0x210 [dmabuf_lab]
nr_base_pages: 8`
const ofOthers = ' get_page_from_freelist+0x1b0/0x400\n do_anonymous_page+0x1/0x2\nnr_base_pages: 900'

test('finds the pages of the module, not those of slabs or of others', () => {
  expect(pagesOfModule(`${[ofOthers, ofModule, ofSlab].join('\n\n')}\n\n`)).toEqual([ofModule.trim()])
  expect(pagesOfModule('')).toEqual([])
})
