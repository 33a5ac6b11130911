/** Runs the suite in workerd when it is asked for, and answers with the report. */
import { run } from 'suite.js'

export default {
  async fetch() {
    return Response.json(await run())
  },
}
