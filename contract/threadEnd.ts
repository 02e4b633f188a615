/** What a thread of the lab's process is sent so that it ends by itself, after what it is at. */
export const threadEnd = 'end'
