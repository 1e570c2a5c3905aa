/** What an answer is called in many languages, and what stands between that and a value, as parts of patterns. */
export const answerWords =
  'ответ|réponse|respuesta|antwort|risposta|resposta|odpowiedź|antwoord|cevap|jawaban|đáp án|정?답|解?答[案え]?|结果|الإجابة|الجواب|उत्तर'
export const isWords = 'is|are|was|est|sont|es|son|ist|sind|è|é|jest|là|adalah|lautet|равен|равно|составляет'
export const isSigns = '为|是|は|은|هو|هي|है|[:：=]'
