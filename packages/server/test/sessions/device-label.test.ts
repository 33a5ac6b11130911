import { expect, test } from 'vitest'
import { deviceLabel } from '../../src/sessions/device-label.ts'

const mozilla = 'Mozilla/5.0'

test.each([
  [`${mozilla} (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0`, 'Firefox on Linux'],
  [
    `${mozilla} (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36 Edg/156.0`,
    'Edge on Windows',
  ],
  [
    `${mozilla} (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Version/26.0 Safari/605`,
    'Safari on macOS',
  ],
  [
    `${mozilla} (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605 CriOS/156.0 Mobile Safari/604`,
    'Chrome on iPhone',
  ],
  [
    `${mozilla} (Linux; Android 16; SM-S938N) AppleWebKit/537.36 SamsungBrowser/30.0 Chrome/150 Mobile Safari/537`,
    'Samsung Internet on Android',
  ],
  ['curl/8.11.0', 'curl'],
  ['node', 'node'],
  ['My App/1.0 (secret stuff)', 'My App'],
  ['<script>alert(1)</script>', 'Unknown device'],
  ['', 'Unknown device'],
  [null, 'Unknown device'],
])('%s is shown as %s', (userAgent, label) => {
  expect(deviceLabel(userAgent)).toBe(label)
})

test('a label is short, however long the claim', () => {
  expect(deviceLabel('x'.repeat(100_000)).length).toBeLessThanOrEqual(40)
})
