/** Which addresses can be trusted to be whom they name: https, and http on this machine alone (RFC 8725 §3.10). */

/** Whether a URL is https, or http on this machine. */
export function isSecureScheme({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))
}

function isLoopback(hostname: string): boolean {
  return /^((.+\.)?localhost|\[::1\]|127(\.\d{1,3}){3})$/.test(hostname)
}
