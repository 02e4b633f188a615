import { expect, test } from 'vitest'
import { complaintsIn } from './kernelLog.ts'

test.each([
  '[   12.3] BUG: KASAN: slab-use-after-free in lab_load_fail+0x3f/0x80 [dmabuf_lab]',
  '[   12.3] WARNING: possible circular locking dependency detected',
  '[   12.3] WARNING: CPU: 1 PID: 77 at lib/refcount.c:25 refcount_warn_saturate+0x6e/0xe0',
  '[   12.3] BUG: sleeping function called from invalid context at mm/page_alloc.c:4000',
  '[   12.3] WARNING: suspicious RCU usage',
  '[   12.3] INFO: task module_test:99 blocked for more than 60 seconds.',
  '[   12.3] kmemleak: 3 new suspected memory leaks (see /sys/kernel/debug/kmemleak)',
  '[   12.3] Oops: general protection fault, probably for non-canonical address',
  '[   12.3]  Call Trace:',
])('complains: %s', line => {
  expect(complaintsIn(`[   1.0] booted\n${line}\n`)).toEqual([line])
})

test.each([
  '[    0.0] Lock dependency validator: Copyright (c) 2006 Red Hat, Inc., Ingo Molnar',
  '[    0.0] kasan: KernelAddressSanitizer initialized (generic)',
  '[    1.0] kmemleak: Kernel memory leak detector initialized (mem pool available: 60391)',
  '[    9.0] dmabuf_lab: loading out-of-tree module taints kernel.',
  '[    9.0] DMA-API: preallocated 65536 debug entries',
  '[    9.0] EXT4-fs (vda): mounted filesystem',
])('does not complain: %s', line => {
  expect(complaintsIn(line)).toEqual([])
})
