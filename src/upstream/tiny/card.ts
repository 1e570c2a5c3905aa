import type { Card } from '../served/routes.ts'

/** The model, as the list of models has it. */
export const card: Card = { id: 'tiny-r1', object: 'model', created: 1764028800, owned_by: 'mull' }
