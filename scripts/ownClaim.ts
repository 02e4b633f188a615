/**
 * Labs of tests that run side by side do not claim the machine from each other: nobody keeps their figures. Labs of one
 * test process still meet, as a person's do. Each worker is such a process, and says so by itself: what it inherits is
 * the claim of the one that started it, which its siblings have, too. The agent takes this from its ancestors alone.
 */
process.env.DMABUF_LAB_TEST_CLAIM = `${process.pid}`
