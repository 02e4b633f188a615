import { z } from 'zod'

// The pages' policy forbids eval; without this zod would try it once and the browser would report the attempt.
// Import this before the contract: zod looks when a schema is made.
z.config({ jitless: true })
