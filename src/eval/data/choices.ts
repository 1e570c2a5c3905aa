import { isObject } from '#answers'
import type { Row } from './row.ts'

/** The options of a multiple choice, each with what the data calls it. */
export type Choices = readonly { readonly letter: string; readonly label: string; readonly text: string }[]

/**
 * A list of texts (MMLU), lists of labels and texts (ARC), a list of both in objects, texts by label, or columns A, B, …;
 * undefined where the question is no multiple choice.
 */
export function choicesOf(row: Row): Choices | undefined {
  const given = row['choices'] ?? row['options'] ?? columns(row)
  if (given === undefined || given === null) return undefined
  const pairs = pairsOf(given)
  if (!pairs || pairs.length < 2) throw new Error('its choices are neither a list of texts nor texts by label')
  return pairs.map(([label, text], at) => ({ letter: letterAt(at), label, text }))
}

/** The letter of the option that the data says is right: by its label, its text or its place from 0. */
export function rightChoice(choices: Choices, given: unknown): string {
  const said = String(given).trim()
  const bare = said.replace(/^\(?(\w+)[).:]?$/, '$1')
  const found =
    (typeof given === 'number' ? choices[given] : undefined) ??
    choices.find(({ label }) => label.toLowerCase() === bare.toLowerCase()) ??
    choices.find(({ letter }) => letter === bare.toUpperCase()) ??
    choices.find(({ text }) => text.trim() === said) ??
    (/^\d+$/.test(said) ? choices[Number(said)] : undefined)
  if (!found) throw new Error(`its answer ${JSON.stringify(given)} is none of the choices ${labels(choices)}`)
  return found.letter
}

export const asked = (question: string, choices: Choices): string =>
  `${question}\n\n${choices.map(({ letter, text }) => `${letter}) ${text.replaceAll(/\s+/g, ' ').trim()}`).join('\n')}\n\nAnswer with the letter of the right option.`

const letterAt = (at: number) => String.fromCharCode(65 + at)

const labels = (choices: Choices) => choices.map(({ label }) => label).join(', ')

/** Columns A, B, C, D, as the CSV files of MMLU have them. */
const columns = (row: Row) => {
  const letters = ['A', 'B', 'C', 'D', 'E', 'F'].filter((letter) => typeof row[letter] === 'string')
  return letters.length >= 2 ? Object.fromEntries(letters.map((letter) => [letter, row[letter]])) : undefined
}

function pairsOf(given: unknown): [label: string, text: string][] | undefined {
  if (Array.isArray(given))
    return given.every(isObject)
      ? given.map((choice, at) => [String(choice['label'] ?? letterAt(at)), String(choice['text'] ?? '')])
      : given.map((text, at) => [letterAt(at), String(text)])
  if (!isObject(given)) return undefined
  const { text, label } = given
  if (Array.isArray(text)) {
    const labels = Array.isArray(label) ? label : []
    return text.map((words, at) => [String(labels[at] ?? letterAt(at)), String(words)])
  }
  return Object.entries(given).map(([name, words]) => [name, String(words)])
}
