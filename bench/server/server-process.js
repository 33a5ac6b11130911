// @ts-check
/** A server of its own process: `server-process.js NAME FOLDER [URL of a PostgreSQL]`; tells its port, and on demand what it used so far. */
const [name = '', folder = '', url] = process.argv.slice(2)
const { start } = await import(`./servers/${String(name)}.js`)
process.send?.(await start(folder, url))
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.({ cpuNs: (user + system) * 1000, rssBytes: process.memoryUsage.rss() })
})
// A profile is written as the process ends by itself.
process.once('SIGTERM', () => process.exit(0))
