// As many threads for passwords as there are cores: with libuv's four, two cores are idle for a sixth of the time, and more than four
// for most of it (docs/decisions/0047-threads-that-hash.md). CommonJS: the loader of ES modules starts the threads, and then it is late.
const { availableParallelism } = require('node:os')

process.env.UV_THREADPOOL_SIZE ??= String(Math.max(2, availableParallelism()))
