export { type Answer, answerOf, sameAnswer } from './answer.ts'
export { AnswerTally } from './tally.ts'
