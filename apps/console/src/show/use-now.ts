import { useEffect, useState } from 'preact/hooks'

/** The page's monotonic clock in milliseconds, read again several times a second. */
export function useNowMs(): number {
  const [nowMs, setNowMs] = useState(() => performance.now())
  useEffect(() => {
    const timer = setInterval(() => setNowMs(performance.now()), 250)
    return () => clearInterval(timer)
  }, [])
  return nowMs
}
