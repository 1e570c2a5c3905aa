/** The chance that one of k samples is right, from n drawn samples of which `right` are (Chen et al., 2021; unbiased). */
export function passAt(k: number, n: number, right: number): number {
  if (n - right < k) return 1
  let none = 1
  for (let at = n - right + 1; at <= n; at++) none *= 1 - k / at
  return 1 - none
}
