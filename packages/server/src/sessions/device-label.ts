/** A few words by which a person recognises a device in the list of sessions. */

const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\/|\bEdgiOS\//, 'Edge'],
  [/\bOPR\/|\bOpera\b/, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bWhale\//, 'Whale'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bHeadlessChrome\/|\bChrome\/|\bChromium\/|\bCriOS\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]

const systems: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
]

const longestLabel = 40

/** `Firefox on Linux`, `curl`, or `Unknown device`. What a client claims is shown, and nothing depends on it. */
export function deviceLabel(userAgent: string | null | undefined): string {
  if (userAgent === null || userAgent === undefined) return 'Unknown device'
  const text = userAgent.slice(0, 512)
  const browser = named(browsers, text)
  const system = named(systems, text)
  if (browser !== undefined) return system === undefined ? browser : `${browser} on ${system}`
  const product = /^[A-Za-z][\w .-]*/.exec(text)?.[0].trim().slice(0, longestLabel)
  return product === undefined || product === '' ? 'Unknown device' : product
}

function named(table: readonly (readonly [RegExp, string])[], text: string): string | undefined {
  return table.find(([pattern]) => pattern.test(text))?.[1]
}
