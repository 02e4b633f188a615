/**
 * Allocations by the kernel module of pages that are still in use, one text per place in the code.
 * @param stacks /sys/kernel/debug/page_owner_stacks/show_stacks (mm/page_owner.c): a stack and
 * `nr_base_pages: N` for each place, an empty line between them.
 * A page that a slab took while the module asked it for an object belongs to the slab, which kmemleak watches.
 */
export function pagesOfModule(stacks: string): string[] {
  const places = stacks.split(/\n\s*\n/).map(place => place.trim())
  return places.filter(place => place.includes('[dmabuf_lab]') && !/_slab\+/.test(place))
}
