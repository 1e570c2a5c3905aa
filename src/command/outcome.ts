/** What is said of an error that ends the command. */
export function explained(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code, port } = error as { code?: string; port?: number }
  if (code === 'EADDRINUSE') return `Port ${port} is taken. Choose another one: mull --port ${(port ?? 8787) + 1}`
  return error.message
}
