import { useEffect, useState } from 'preact/hooks'

/** Has the component drawn anew some ten times a second while `running` holds. */
export function useFrames(running: boolean): void {
  const [, draw] = useState(0)
  useEffect(() => {
    if (!running) return draw((count) => count + 1)
    let last = 0
    let next = requestAnimationFrame(function frame(at) {
      if (at - last > 90) {
        last = at
        draw((count) => count + 1)
      }
      next = requestAnimationFrame(frame)
    })
    return () => cancelAnimationFrame(next)
  }, [running])
}
