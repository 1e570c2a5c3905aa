import { onWorkerd } from './starts.ts'
import { suite } from './suite.ts'

suite('workerd', onWorkerd())
