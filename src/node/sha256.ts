import { hash } from 'node:crypto'
import type { Digest } from '../keys/digest.ts'

/** SHA-256 at once: Web Crypto's waits for a thread, longer than all else that is done for a relay. */
export const sha256: Digest = (text) => hash('sha256', text, 'hex')
