const { setImmediate: immediately } = globalThis as { setImmediate?: (then: () => void) => unknown }

/** Resolves when everything that waits in the event loop has had its turn; where there is only a timer, a little later. */
export const turn = (): Promise<void> =>
  new Promise((resolve) => {
    if (immediately) immediately(resolve)
    else setTimeout(resolve, 0)
  })
