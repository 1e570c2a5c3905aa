export { type Answer, answerOf, sameAnswer } from './answer.ts'
export { wordsOf } from './question.ts'
export { breaks, schemaOf } from './schema.ts'
export { AnswerTally } from './tally.ts'
