/**
 * Labs of tests that run side by side do not claim the machine from each other: nobody keeps their figures. Labs of one
 * test process still meet, as a person's do. The agent takes this from its own ancestors alone.
 */
process.env.DMABUF_LAB_TEST_CLAIM ??= `${process.pid}`
