/** Where the server is: the folder of this page, which an issuer with a path has below its host. */

/** Without a slash at its end, such as `https://id.example` or `https://example.com/tenant`. */
export const serverUrl: string = new URL('.', location.href).href.replace(/\/$/, '')
