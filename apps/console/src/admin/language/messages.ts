/** Every word of the administration, beside the words for codes and times that all pages share. Backticks mark code. */
import type { ClientErrorCode } from '@tessera/client'
import type { CodeWords, EndingWords } from '../../language/messages.ts'
import type { Key } from '../api.ts'
import type { Section } from '../route.ts'

export interface AdminMessages {
  readonly page: {
    readonly title: string
    readonly name: string
    readonly sections: string
    readonly skip: string
    readonly story: string
    readonly signedIn: (username: string) => string
    readonly signOut: string
    readonly back: (section: string) => string
    readonly you: string
    readonly none: string
    readonly unusable: string
  }
  readonly sections: Readonly<Record<Section, string>>
  readonly signIn: {
    readonly title: string
    readonly lead: string
    readonly username: string
    readonly password: string
    readonly signIn: string
    readonly fill: string
    readonly kept: string
    readonly firstAdmin: string
    readonly firstAdminWhy: string
  }
  readonly again: {
    readonly title: string
    readonly stale: string
    readonly ended: string
    readonly goOn: string
    readonly signOut: string
  }
  readonly users: {
    readonly lead: string
    readonly search: string
    readonly find: string
    readonly all: string
    readonly add: string
    readonly none: string
    readonly noneFound: (text: string) => string
    readonly administrator: string
    readonly disabled: string
    readonly made: (date: string) => string
    readonly roles: string
  }
  readonly user: {
    readonly id: string
    readonly state: string
    readonly active: string
    readonly disabledSince: (date: string) => string
    readonly roles: string
    readonly scope: string
    readonly email: string
    readonly verified: string
    readonly unverified: string
    readonly made: string
    readonly audit: string
    readonly own: string
    readonly actions: string
    readonly enable: string
    readonly enabled: (name: string) => string
    readonly rolesHint: string
    readonly saveRoles: string
    readonly rolesSaved: (name: string) => string
    readonly disable: EndingWords
    readonly remove: EndingWords
  }
  readonly newUser: {
    readonly title: string
    readonly lead: string
    readonly username: string
    readonly password: string
    readonly passwordHint: string
    readonly invent: string
    readonly roles: string
    readonly rolesHint: string
    readonly add: string
    readonly noAdmins: string
    readonly added: (username: string) => string
    readonly handOver: string
    readonly toAccount: string
    readonly another: string
  }
  readonly sessions: {
    readonly title: string
    readonly lead: string
    readonly whose: string
    readonly show: string
    readonly of: (username: string) => string
    readonly all: string
    readonly ofAll: string
    readonly none: string
    readonly noneAtAll: string
    readonly current: string
    readonly begun: (date: string) => string
    readonly lastUsed: (date: string) => string
    readonly from: (prefix: string) => string
    readonly cookie: string
    readonly end: EndingWords
    readonly endAll: EndingWords
  }
  readonly clients: {
    readonly lead: string
    readonly add: string
    readonly none: string
    readonly revokedAt: (date: string) => string
    readonly registered: (date: string) => string
    readonly authentication: Readonly<Record<'client_secret' | 'private_key_jwt', string>>
    readonly scope: string
    readonly audiences: string
    readonly roles: string
    readonly revoke: EndingWords
    readonly rotate: EndingWords
    readonly newSecret: (id: string) => string
  }
  readonly newClient: {
    readonly title: string
    readonly lead: string
    readonly id: string
    readonly idHint: string
    readonly name: string
    readonly nameHint: string
    readonly scope: string
    readonly scopeHint: string
    readonly audiences: string
    readonly audiencesHint: string
    readonly how: string
    readonly withSecret: string
    readonly withKeys: string
    readonly keys: string
    readonly keysHint: string
    readonly keysInvalid: string
    readonly add: string
    readonly added: (id: string) => string
    readonly secret: string
    readonly secretOnce: string
    readonly useIt: string
    readonly done: string
  }
  readonly keys: {
    readonly lead: string
    readonly none: string
    readonly purposes: Readonly<Record<string, string>>
    readonly states: Readonly<Record<Key['state'], string>>
    readonly statesMean: Readonly<Record<Key['state'], string>>
    readonly calledBack: string
    readonly made: (date: string) => string
    readonly signsSince: (date: string) => string
    readonly retired: (date: string) => string
    readonly revokedAt: (date: string) => string
    readonly rotate: EndingWords
    readonly tooEarly: (date: string) => string
    readonly sharedSecret: string
    readonly revoke: EndingWords
    readonly revokeActive: string
    readonly revokeFeed: string
  }
  readonly audit: {
    readonly lead: string
    readonly whose: string
    readonly show: string
    readonly all: string
    readonly of: (username: string) => string
    readonly none: string
    readonly from: (prefix: string) => string
    readonly session: string
    readonly gone: (id: string) => string
    readonly events: Readonly<Record<string, string>>
    readonly actions: Readonly<Record<string, string>>
  }
  /** Words for codes that mean something else here than in the story. */
  readonly codes: Readonly<Partial<Record<ClientErrorCode, CodeWords>>>
}
