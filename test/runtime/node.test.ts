import { readConfig } from '../../src/config/index.ts'
import { startNode } from '../../src/node.ts'
import { suite } from './suite.ts'

suite('Node', async (env) => {
  const { url, close } = await startNode(readConfig({ PORT: '0', ...env }))
  return { url, close: () => close(0) }
})
