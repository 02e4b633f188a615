/**
 * Labs of tests that run side by side do not claim the machine from each other: nobody keeps their figures. Labs of one
 * test process still meet, as a person's do.
 */
process.env.DMABUF_LAB_CLAIM ??= `, test ${process.pid}`
