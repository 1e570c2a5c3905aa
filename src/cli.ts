#!/usr/bin/env node
import { stayFlat } from './node/flat.ts'

stayFlat()
await import('./command/program.ts')
