import { onNode } from './starts.ts'
import { suite } from './suite.ts'

suite('Node', onNode())
