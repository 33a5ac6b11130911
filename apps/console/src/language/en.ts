import type { Messages } from './messages.ts'

export const en: Messages = {
  tag: 'en',
  ownName: 'English',
  page: {
    title: 'Tessera: one token, from log-in to log-out',
    lead: 'HTTP forgets who asked.',
    guide:
      'So you log in once, and from then on a token speaks for you: anybody can read it, and nobody but the server can make it. Walk its life in six steps. All of it happens between this page and the server it came from.',
    language: 'Language',
    steps: 'Steps',
    skip: 'Skip to the first step',
    logInFirst: 'Log in first',
    unusable: 'This page needs https, or http on this machine: tokens would travel in the open.',
    footer: 'What this server publishes, so that any API can verify its tokens without asking:',
    jwks: 'its public keys',
    metadata: 'its metadata',
    account: 'Your sessions',
    debugger: 'debugger for any token',
    administration: 'administration, for those who run this server',
  },
  controls: {
    loading: 'Loading…',
    retry: 'Try again',
    more: 'Show more',
    cancel: 'Cancel',
    copy: 'Copy',
    copied: 'Copied.',
    typeToConfirm: (text) => `Type \`${text}\` to confirm`,
    serverSays: 'The server says:',
    waitSeconds: (seconds) => `Wait ${seconds} s.`,
  },
  parts: { header: 'Header', claims: 'Claims', signature: 'Signature' },
  parties: { browser: 'This page', api: 'API' },
  logIn: {
    title: 'Log in',
    short: 'Log in',
    lead: 'The password goes to the server once. Back comes an access token, good for a short while, and a refresh token that fetches the next one.',
    username: 'User name',
    password: 'Password',
    passwordHint: 'At least 15 characters. A few words that do not belong together are best.',
    signUp: 'Sign up',
    logIn: 'Log in',
    invent: 'Invent a user for me',
    invented: 'User name and password are filled in. Now sign up.',
    show: 'Show the password',
    signedIn: (username) => `You are signed in as ${username}.`,
    ended: 'The session is over. Log in to begin another one.',
    fill: 'Fill in user name and password first.',
  },
  look: {
    title: 'Look inside',
    short: 'Look inside',
    lead: 'The access token is three parts joined by dots. It is signed, not encrypted: whoever holds it can read it, so it must never carry a secret.',
    copy: 'Copy the token',
    copied: 'Copied. Treat it like a password while it lives.',
    header: 'Header: how it is signed',
    claims: 'Claims: what it says',
    signature: 'Signature: why it is believed',
    signatureText:
      'Computed over the header and the claims as they stand above, with a private key that only the server has. An API checks it with the public key that `kid` names. Change one character anywhere, and it no longer fits.',
    unknownClaim: 'A claim of this server’s own.',
    unknownHeader: 'A header parameter of this server’s own.',
  },
  attach: {
    title: 'Attach it to a request',
    short: 'Attach',
    lead: 'The client puts the token into the header of each request to the API. The API verifies it by itself: it keeps no session and asks nobody.',
    with: 'Call /me with the token',
    without: 'Call /me without it',
  },
  change: {
    title: 'Change one character',
    short: 'Change',
    lead: 'Change it anywhere, by a button or by typing. Either the token can no longer be read, or the signature no longer fits; the API says which.',
    editor: 'Access token, free to edit',
    where: 'Change a character in the',
    inPart: { header: 'header', claims: 'claims', signature: 'signature' },
    restore: 'Put it back',
    call: 'Call /me with this token',
    changed: (count) => (count === 1 ? 'One character is changed.' : `${count} characters are changed.`),
    unchanged: 'This is the token as it was issued.',
  },
  time: {
    title: 'Let time pass',
    short: 'Time',
    lead: 'An access token is short-lived: who steals one has it for minutes. Shortly before its end, at a random point in the shaded part, the next request makes the client exchange the refresh token for a new pair. You notice nothing.',
    life: 'Life of the access token',
    left: (left) => `${left} left`,
    over: 'The access token has expired.',
    refreshNow: 'Refresh now',
    wait: 'Wait for the end',
    waiting: (left) => `Waiting, ${left} to go. At the end the token goes to the API once more, as it is.`,
    stopWaiting: 'Stop waiting',
    callAsIs: 'Call /me with this token as it is',
    callThrough: 'Call /me through the client',
    renewedTitle: 'Refresh token',
    before: 'Before',
    after: 'After',
    generation: (generation) => `generation ${generation}`,
    macHidden: 'The last part of each, which makes it valid, is not shown.',
    renewed: (life) =>
      `Refreshed. The new access token is good for ${life}. The old refresh token is spent: used again by a thief, it would end the session.`,
    shorter: 'To see the end sooner, start the server with `TESSERA_ACCESS_TOKEN_SECONDS=20 npm start`.',
  },
  logOut: {
    title: 'Log out',
    short: 'Log out',
    lead: 'The session ends at the server. The old token still looks perfect, signature and all, but the API knows that its session is over.',
    logOut: 'Log out',
    done: 'You are logged out. The old token is kept here so that you can try it.',
    notRevoked:
      'You are logged out here, but the server could not be reached: there the session lives on until it expires.',
    callOld: 'Call /me with the old token',
  },
  exchange: {
    request: 'Request',
    answer: 'Answer',
    renewedOnTheWay: 'The client refreshed the token first.',
    accepted: 'Accepted: the API knows who asks.',
    otherStatus: 'The API answered with something unexpected.',
  },
  claims: {
    iss: {
      name: 'Issuer',
      meaning: 'Who issued the token. An API accepts only the issuer that it trusts.',
      source: 'RFC 7519 §4.1.1',
    },
    sub: {
      name: 'Subject',
      meaning: 'Whom the token speaks for: you, by an identifier that never changes.',
      source: 'RFC 7519 §4.1.2',
    },
    aud: {
      name: 'Audience',
      meaning: 'Which API the token is for. Any other API refuses it.',
      source: 'RFC 7519 §4.1.3',
    },
    exp: {
      name: 'Expiration time',
      meaning: 'From this second on the token is refused.',
      source: 'RFC 7519 §4.1.4',
    },
    nbf: {
      name: 'Not before',
      meaning: 'Before this second the token is refused.',
      source: 'RFC 7519 §4.1.5',
    },
    iat: { name: 'Issued at', meaning: 'When the token was made.', source: 'RFC 7519 §4.1.6' },
    jti: {
      name: 'Token identifier',
      meaning: 'A name of its own for this one token, so that it can be told from all others.',
      source: 'RFC 7519 §4.1.7',
    },
    client_id: {
      name: 'Client',
      meaning: 'The application that asked for the token.',
      source: 'RFC 8693 §4.3',
    },
    scope: {
      name: 'Scope',
      meaning: 'What the token allows, as words with spaces between them.',
      source: 'RFC 8693 §4.2',
    },
    roles: {
      name: 'Roles',
      meaning: 'What you are to this system, for APIs that decide by role.',
      source: 'RFC 9068 §2.2.3',
    },
    auth_time: {
      name: 'Authenticated at',
      meaning: 'When you last proved who you are.',
      source: 'RFC 9068 §2.2.1',
    },
    sid: {
      name: 'Session',
      meaning: 'The session that this token belongs to. Log-out ends it, and this token with it.',
      source: 'OpenID Connect',
    },
    sv: {
      name: 'Session version',
      meaning: 'Rises when your rights change, so that older tokens of the session are refused.',
      source: 'Tessera',
    },
    seal: {
      name: 'Seal',
      meaning: 'Proof for the server itself that it, and no API with the same secret, made the token.',
      source: 'Tessera',
    },
  },
  header: {
    typ: {
      name: 'Type',
      meaning: '`at+jwt` says that this is an access token, and nothing else that is signed.',
      source: 'RFC 9068 §2.1',
    },
    alg: {
      name: 'Algorithm',
      meaning: 'How it is signed. The API does not let the token choose: its key decides.',
      source: 'RFC 7515 §4.1.1',
    },
    kid: {
      name: 'Key',
      meaning: 'Which of the published public keys checks the signature.',
      source: 'RFC 7515 §4.1.4',
    },
  },
  codes: {
    malformed: { what: 'This cannot be read as a token.', next: 'Send the token whole, as it was issued.' },
    too_large: {
      what: 'The request or the token is larger than is read from a stranger.',
      next: 'Send less.',
    },
    unsupported: {
      what: 'The token asks for something that this server does not know.',
      next: 'Log in for a token of this server.',
    },
    alg_not_allowed: {
      what: 'The token names an algorithm that its key is not for.',
      next: 'Send the token as it was issued.',
    },
    key_invalid: { what: 'A key of the server cannot be used.', next: 'Tell whoever runs the server.' },
    weak_key: { what: 'A key of the server is too weak.', next: 'Tell whoever runs the server.' },
    key_not_found: {
      what: 'The token names a key that this server never published.',
      next: 'Send the token as it was issued, or log in again.',
    },
    key_ambiguous: {
      what: 'More than one key could have signed this.',
      next: 'Tell whoever runs the server.',
    },
    keys_unavailable: {
      what: 'The keys for checking are out of reach; the token was not judged.',
      next: 'Try again in a moment.',
    },
    bad_signature: {
      what: 'The signature does not fit: the token was changed after it was signed.',
      next: 'Send the token as it was issued.',
    },
    decrypt_failed: {
      what: 'The token cannot be decrypted here.',
      next: 'Log in for a token of this server.',
    },
    crit_unsupported: {
      what: 'The token demands an extension that this server does not know.',
      next: 'Log in for a token of this server.',
    },
    typ_mismatch: {
      what: 'This is a signed document, but not an access token.',
      next: 'Send an access token.',
    },
    expired: { what: 'The time of the token has run out.', next: 'Refresh it, or log in again.' },
    not_yet_valid: {
      what: 'The time of the token has not come yet.',
      next: 'Compare the clocks of the machines.',
    },
    too_old: { what: 'The token was issued too long ago.', next: 'Log in again.' },
    claim_missing: {
      what: 'The token lacks a claim that this API needs.',
      next: 'Log in for a token of this server.',
    },
    claim_invalid: {
      what: 'A claim is not what this API expects: the token is for somebody else.',
      next: 'Log in for a token of this server.',
    },
    schema_invalid: { what: 'The claims do not have the form that this API expects.', next: 'Log in again.' },
    replayed: {
      what: 'A spent token was used again. The session was ended, in case it was a thief.',
      next: 'Log in again.',
    },
    revoked: { what: 'Signed by us and not expired, but its session is over.', next: 'Log in again.' },
    option_invalid: { what: 'The page asked for something that makes no sense.', next: 'Reload the page.' },
    token_missing: {
      what: 'No token came with the request, so the API does not know who asks.',
      next: 'Attach an access token.',
    },
    request_invalid: {
      what: 'The request names its token in a way that cannot be right.',
      next: 'Send one token, in the Authorization header.',
    },
    insufficient_scope: {
      what: 'The token is good, but it does not allow this.',
      next: 'Ask for the scope that is needed.',
    },
    credentials_invalid: {
      what: 'User name or password is wrong.',
      next: 'Check both. If you have no account yet, sign up.',
    },
    username_taken: {
      what: 'Somebody has this user name already.',
      next: 'Choose another one, or log in if it is yours.',
    },
    password_rejected: {
      what: 'This password is not acceptable.',
      next: 'Take at least 15 characters that nobody else uses.',
    },
    origin_rejected: {
      what: 'The server does not know this page.',
      next: 'Add the exact origin of the page to TESSERA_ORIGINS.',
    },
    signup_closed: {
      what: 'This server takes no new users by itself.',
      next: 'Ask whoever runs it for an account.',
    },
    body_invalid: {
      what: 'The server could not make sense of what was sent.',
      next: 'Check user name and password.',
    },
    media_type_unsupported: { what: 'The server does not take this kind of body.', next: 'Reload the page.' },
    not_found: {
      what: 'There is nothing at this address.',
      next: 'Check that this page comes from a Tessera server.',
    },
    method_not_allowed: {
      what: 'The address does not take this kind of request.',
      next: 'Check that this page comes from a Tessera server.',
    },
    throttled: { what: 'Too many attempts in a short time.', next: 'Wait a little, then try again.' },
    overloaded: { what: 'The server has too much to do just now.', next: 'Try again in a moment.' },
    unavailable: {
      what: 'The server gave no answer that could be used.',
      next: 'Check that it is running, then try again.',
    },
  },
  times: {
    duration({ days, hours, minutes, seconds }) {
      if (days > 0) return `${days} d ${hours} h`
      if (hours > 0) return `${hours} h ${minutes} min`
      if (minutes > 0) return `${minutes} min ${seconds} s`
      return `${seconds} s`
    },
    ahead: (duration) => `in ${duration}`,
    ago: (duration) => `${duration} ago`,
    now: 'now',
  },
}
