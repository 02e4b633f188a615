const PAGE_ALLOCATOR = /^(get_page_from_freelist|_*alloc_(frozen_)?pages\w*)\+/

/**
 * Pages still in use that the kernel module took itself, one text per place in the code.
 * @param stacks /sys/kernel/debug/page_owner_stacks/show_stacks (mm/page_owner.c): for each place a stack, innermost
 * call first, and `nr_base_pages: N`, with an empty line after it. Pages that a slab, a page table or KASAN's shadow
 * took while they worked for the module are theirs and stay.
 */
export function pagesOfModule(stacks: string): string[] {
  const places = stacks.split(/\n\s*\n/).map(place => place.trim())
  return places.filter(place => {
    const callers = place.split(/\n\s*/).filter(frame => !PAGE_ALLOCATOR.test(frame))
    return callers[0]?.endsWith('[dmabuf_lab]')
  })
}
