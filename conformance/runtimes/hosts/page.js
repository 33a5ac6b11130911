/** Runs the suite in a page and sends the report to the server that the page came from. */
const { run } = await import('/suite.browser.js')
const post = (/** @type {string} */ path, /** @type {string} */ body) => fetch(path, { method: 'POST', body })
// A page that hangs has told where.
const report = await run((/** @type {string} */ file) => post('/begins', file))
await post('/report', JSON.stringify(report))
