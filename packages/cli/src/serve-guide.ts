/** What `tessera serve` prints when the server answers: addresses, and the story as commands to try. */

/** What the guide needs to know of the running server. */
export interface GuideFacts {
  /** Where it listens. */
  readonly url: string
  readonly issuer: string
  /** Whether the console is served at `/`. */
  readonly hasConsole: boolean
  /** In production there is nothing to try. */
  readonly isProduction: boolean
}

/** The lines, in order. */
export function serveGuide({ url, issuer, hasConsole, isProduction }: GuideFacts): readonly string[] {
  const addresses = [
    `Tessera serves at ${url}`,
    '',
    ...(hasConsole ? [`  playground  ${url}/`] : []),
    `  keys        ${url}/.well-known/jwks.json`,
    `  metadata    ${url}/.well-known/oauth-authorization-server`,
    `  health      ${url}/healthz`,
    ...(issuer === url ? [] : [`  issuer      ${issuer}`]),
  ]
  if (isProduction) return addresses
  return [
    ...addresses,
    '',
    'What to try next, in a second terminal:',
    '',
    ...tryNext(url),
    '',
    'Stop with Ctrl-C.',
  ]
}

/** The same lines as in the README, which a test compares. */
function tryNext(url: string): readonly string[] {
  const credentials = [
    `-H 'content-type: application/json' \\`,
    `  -d '{"username":"ada","password":"a long enough pass phrase"}'`,
  ] as const
  return [
    `curl -s ${url}/signup ${credentials[0]}`,
    credentials[1],
    `curl -s ${url}/login ${credentials[0]}`,
    `${credentials[1]} > tokens.json`,
    '',
    `token() { node -p "JSON.parse(require('fs').readFileSync('tokens.json', 'utf8')).$1"; }`,
    '',
    `curl -s ${url}/me -H "authorization: Bearer $(token access_token)"`,
    `curl -i ${url}/me`,
    `npx tessera decode "$(token access_token)"`,
    '',
    `curl -s ${url}/token -d grant_type=refresh_token \\`,
    `  -d "refresh_token=$(token refresh_token)" > next.json && mv next.json tokens.json`,
    `curl -i -X POST ${url}/logout -H "authorization: Bearer $(token access_token)"`,
    `curl -i ${url}/me -H "authorization: Bearer $(token access_token)"`,
  ]
}
