import { z } from 'zod'

// The page's policy forbids eval; without this zod would try it once and the browser would report the attempt.
// Imported before the contract: zod looks when a schema is made.
z.config({ jitless: true })
