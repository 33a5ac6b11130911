import type { Messages } from './messages.ts'

export const ko: Messages = {
  tag: 'ko',
  ownName: '한국어',
  page: {
    title: 'Tessera: 로그인부터 로그아웃까지, 토큰 하나의 일생',
    lead: 'HTTP는 누가 요청했는지 기억하지 않습니다.',
    guide:
      '그래서 로그인은 한 번만 하고, 그다음부터는 토큰이 나를 대신해 말합니다. 토큰은 누구나 읽을 수 있지만 서버만이 만들 수 있습니다. 그 일생을 여섯 단계로 따라가 보세요. 모든 일은 이 페이지와 이 페이지를 보낸 서버 사이에서만 일어납니다.',
    language: '언어',
    steps: '단계',
    skip: '첫 단계로 건너뛰기',
    logInFirst: '먼저 로그인하기',
    unusable:
      '이 페이지는 https 또는 이 컴퓨터 안의 http에서만 동작합니다. 그렇지 않으면 토큰이 암호화되지 않은 채 전송됩니다.',
    footer: '어떤 API든 서버에 묻지 않고 토큰을 검증할 수 있도록 이 서버가 공개하는 것:',
    jwks: '공개 키',
    metadata: '메타데이터',
    account: '내 세션',
    debugger: '어떤 토큰이든 살펴보는 디버거',
    administration: '서버 운영자를 위한 관리 페이지',
  },
  controls: {
    loading: '불러오는 중…',
    retry: '다시 시도',
    more: '더 보기',
    cancel: '취소',
    copy: '복사',
    copied: '복사했습니다.',
    typeToConfirm: (text) => `확인하려면 다음을 그대로 입력하세요: \`${text}\``,
    serverSays: '서버의 설명:',
    waitSeconds: (seconds) => `${seconds}초 기다리세요.`,
  },
  parts: { header: '헤더', claims: '클레임', signature: '서명' },
  parties: { browser: '이 페이지', api: 'API' },
  logIn: {
    title: '로그인',
    short: '로그인',
    lead: '비밀번호는 서버에 한 번만 보냅니다. 그 대가로 짧은 시간 동안 쓸 수 있는 액세스 토큰과, 다음 토큰을 받아 올 리프레시 토큰이 돌아옵니다.',
    username: '사용자 이름',
    password: '비밀번호',
    passwordHint: '15자 이상이어야 합니다. 서로 관계없는 낱말 몇 개가 가장 좋습니다.',
    signUp: '가입',
    logIn: '로그인',
    invent: '예시 사용자 만들기',
    invented: '사용자 이름과 비밀번호를 채웠습니다. 이제 가입해 보세요.',
    show: '비밀번호 표시',
    signedIn: (username) => `${username} 님으로 로그인했습니다.`,
    ended: '세션이 끝났습니다. 다시 로그인하면 새 세션이 시작됩니다.',
    fill: '먼저 사용자 이름과 비밀번호를 입력하세요.',
  },
  look: {
    title: '안을 들여다보기',
    short: '들여다보기',
    lead: '액세스 토큰은 점으로 이어진 세 부분으로 되어 있습니다. 서명했을 뿐 암호화하지는 않았으므로 가진 사람은 누구나 읽을 수 있습니다. 그러니 비밀을 담아서는 안 됩니다.',
    copy: '토큰 복사',
    copied: '복사했습니다. 유효한 동안은 비밀번호처럼 다루세요.',
    header: '헤더: 어떻게 서명했는가',
    claims: '클레임: 무엇을 말하는가',
    signature: '서명: 왜 믿을 수 있는가',
    signatureText:
      '위의 헤더와 클레임 전체를 서버만 가진 개인 키로 서명한 값입니다. API는 `kid`가 가리키는 공개 키로 이를 확인합니다. 어디든 한 글자만 바뀌어도 서명이 맞지 않게 됩니다.',
    unknownClaim: '이 서버가 따로 정한 클레임입니다.',
    unknownHeader: '이 서버가 따로 정한 헤더 항목입니다.',
  },
  attach: {
    title: '요청에 붙이기',
    short: '붙이기',
    lead: '클라이언트는 API로 보내는 요청마다 헤더에 토큰을 넣습니다. API는 그 토큰을 스스로 검증합니다. 세션을 보관하지도, 다른 누구에게 묻지도 않습니다.',
    with: '토큰을 붙여 /me 호출',
    without: '토큰 없이 /me 호출',
  },
  change: {
    title: '한 글자 바꾸기',
    short: '바꾸기',
    lead: '버튼을 누르거나 직접 입력해서 아무 데나 바꿔 보세요. 토큰을 읽을 수 없게 되거나, 서명이 맞지 않게 됩니다. 어느 쪽인지는 API가 알려 줍니다.',
    editor: '자유롭게 고칠 수 있는 액세스 토큰',
    where: '글자를 바꿀 곳',
    inPart: { header: '헤더', claims: '클레임', signature: '서명' },
    restore: '되돌리기',
    call: '이 토큰으로 /me 호출',
    changed: (count) => `${count}글자가 바뀌었습니다.`,
    unchanged: '발급된 그대로의 토큰입니다.',
  },
  time: {
    title: '시간이 흐르면',
    short: '시간',
    lead: '액세스 토큰은 수명이 짧아서, 훔쳐도 몇 분밖에 쓰지 못합니다. 끝나기 조금 전, 빗금 친 구간 안의 무작위 시점이 지나면 다음 요청 때 클라이언트가 리프레시 토큰을 새 토큰 한 쌍으로 바꿉니다. 사용자는 알아차리지 못합니다.',
    life: '액세스 토큰의 수명',
    left: (left) => `${left} 남음`,
    over: '액세스 토큰이 만료되었습니다.',
    refreshNow: '지금 갱신',
    wait: '만료될 때까지 기다리기',
    waiting: (left) =>
      `기다리는 중입니다. ${left} 남았습니다. 만료되면 이 토큰을 그대로 API에 한 번 더 보냅니다.`,
    stopWaiting: '그만 기다리기',
    callAsIs: '이 토큰 그대로 /me 호출',
    callThrough: '클라이언트를 통해 /me 호출',
    renewedTitle: '리프레시 토큰',
    before: '이전',
    after: '이후',
    generation: (generation) => `${generation}세대`,
    macHidden: '토큰을 유효하게 만드는 마지막 부분은 표시하지 않습니다.',
    renewed: (life) =>
      `갱신했습니다. 새 액세스 토큰은 ${life} 동안 유효합니다. 이전 리프레시 토큰은 이미 쓰였으므로, 도둑이 다시 쓰면 세션이 끝납니다.`,
    shorter: '더 빨리 보려면 `TESSERA_ACCESS_TOKEN_SECONDS=20 npm start`로 서버를 시작하세요.',
  },
  logOut: {
    title: '로그아웃',
    short: '로그아웃',
    lead: '서버에서 세션이 끝납니다. 예전 토큰은 서명까지 여전히 완벽해 보이지만, API는 그 세션이 끝났음을 압니다.',
    logOut: '로그아웃',
    done: '로그아웃했습니다. 시험해 볼 수 있도록 예전 토큰을 여기에 남겨 두었습니다.',
    notRevoked:
      '여기서는 로그아웃했지만 서버에 연결할 수 없었습니다. 서버의 세션은 만료될 때까지 남아 있습니다.',
    callOld: '예전 토큰으로 /me 호출',
  },
  exchange: {
    request: '요청',
    answer: '응답',
    renewedOnTheWay: '클라이언트가 먼저 토큰을 갱신했습니다.',
    accepted: '받아들였습니다. API는 누가 요청하는지 압니다.',
    otherStatus: 'API가 예상하지 못한 응답을 보냈습니다.',
  },
  claims: {
    iss: {
      name: '발급자',
      meaning: '토큰을 발급한 곳입니다. API는 믿는 발급자의 토큰만 받습니다.',
      source: 'RFC 7519 §4.1.1',
    },
    sub: {
      name: '주체',
      meaning: '토큰이 대신하는 사람, 곧 나를 가리키는 바뀌지 않는 식별자입니다.',
      source: 'RFC 7519 §4.1.2',
    },
    aud: {
      name: '대상',
      meaning: '이 토큰을 쓸 수 있는 API입니다. 다른 API는 거절합니다.',
      source: 'RFC 7519 §4.1.3',
    },
    exp: { name: '만료 시각', meaning: '이 시각부터 토큰은 거절됩니다.', source: 'RFC 7519 §4.1.4' },
    nbf: { name: '시작 시각', meaning: '이 시각 전에는 토큰이 거절됩니다.', source: 'RFC 7519 §4.1.5' },
    iat: { name: '발급 시각', meaning: '토큰을 만든 때입니다.', source: 'RFC 7519 §4.1.6' },
    jti: {
      name: '토큰 식별자',
      meaning: '다른 모든 토큰과 구별되는, 이 토큰만의 이름입니다.',
      source: 'RFC 7519 §4.1.7',
    },
    client_id: { name: '클라이언트', meaning: '토큰을 요청한 애플리케이션입니다.', source: 'RFC 8693 §4.3' },
    scope: {
      name: '범위',
      meaning: '토큰이 허용하는 일입니다. 낱말을 빈칸으로 나눕니다.',
      source: 'RFC 8693 §4.2',
    },
    roles: {
      name: '역할',
      meaning: '이 시스템에서 맡은 역할입니다. 역할로 판단하는 API가 사용합니다.',
      source: 'RFC 9068 §2.2.3',
    },
    auth_time: {
      name: '인증 시각',
      meaning: '본인임을 마지막으로 증명한 때입니다.',
      source: 'RFC 9068 §2.2.1',
    },
    sid: {
      name: '세션',
      meaning: '이 토큰이 속한 세션입니다. 로그아웃하면 세션과 함께 이 토큰도 끝납니다.',
      source: 'OpenID Connect',
    },
    sv: {
      name: '세션 버전',
      meaning: '권한이 바뀌면 올라가고, 그 전의 토큰은 거절됩니다.',
      source: 'Tessera',
    },
    seal: {
      name: '봉인',
      meaning: '같은 비밀을 가진 API가 아니라 서버 자신이 만들었다는 증거입니다.',
      source: 'Tessera',
    },
  },
  header: {
    typ: {
      name: '종류',
      meaning: '`at+jwt`는 서명된 다른 문서가 아니라 액세스 토큰이라는 뜻입니다.',
      source: 'RFC 9068 §2.1',
    },
    alg: {
      name: '알고리즘',
      meaning: '서명 방법입니다. 토큰이 고르는 것이 아니라 API가 가진 키가 정합니다.',
      source: 'RFC 7515 §4.1.1',
    },
    kid: {
      name: '키',
      meaning: '공개된 키 가운데 어느 것으로 서명을 확인하는지 알려 줍니다.',
      source: 'RFC 7515 §4.1.4',
    },
  },
  codes: {
    malformed: { what: '토큰으로 읽을 수 없습니다.', next: '발급된 그대로 전체를 보내세요.' },
    too_large: { what: '요청이나 토큰이 받아들일 수 있는 크기를 넘었습니다.', next: '더 적게 보내세요.' },
    unsupported: {
      what: '이 서버가 모르는 기능을 토큰이 요구합니다.',
      next: '로그인해서 이 서버의 토큰을 받으세요.',
    },
    alg_not_allowed: {
      what: '토큰에 적힌 알고리즘이 키와 맞지 않습니다.',
      next: '발급된 그대로의 토큰을 보내세요.',
    },
    key_invalid: { what: '서버의 키를 쓸 수 없습니다.', next: '서버 운영자에게 알리세요.' },
    weak_key: { what: '서버의 키가 너무 약합니다.', next: '서버 운영자에게 알리세요.' },
    key_not_found: {
      what: '토큰이 가리키는 키를 이 서버는 공개한 적이 없습니다.',
      next: '발급된 그대로의 토큰을 보내거나 다시 로그인하세요.',
    },
    key_ambiguous: { what: '서명했을 수 있는 키가 둘 이상입니다.', next: '서버 운영자에게 알리세요.' },
    keys_unavailable: {
      what: '확인에 필요한 키에 닿을 수 없어 토큰을 판단하지 못했습니다.',
      next: '잠시 뒤 다시 시도하세요.',
    },
    bad_signature: {
      what: '서명이 맞지 않습니다. 서명한 뒤에 토큰이 바뀌었습니다.',
      next: '발급된 그대로의 토큰을 보내세요.',
    },
    decrypt_failed: {
      what: '여기서는 이 토큰을 복호화할 수 없습니다.',
      next: '로그인해서 이 서버의 토큰을 받으세요.',
    },
    crit_unsupported: {
      what: '이 서버가 모르는 확장을 토큰이 요구합니다.',
      next: '로그인해서 이 서버의 토큰을 받으세요.',
    },
    typ_mismatch: { what: '서명된 문서이지만 액세스 토큰은 아닙니다.', next: '액세스 토큰을 보내세요.' },
    expired: { what: '토큰의 시간이 다 되었습니다.', next: '갱신하거나 다시 로그인하세요.' },
    not_yet_valid: {
      what: '토큰을 쓸 수 있는 시각이 아직 되지 않았습니다.',
      next: '두 컴퓨터의 시계를 비교해 보세요.',
    },
    too_old: { what: '발급된 지 너무 오래된 토큰입니다.', next: '다시 로그인하세요.' },
    claim_missing: {
      what: '이 API에 필요한 클레임이 토큰에 없습니다.',
      next: '로그인해서 이 서버의 토큰을 받으세요.',
    },
    claim_invalid: {
      what: '클레임이 이 API가 기대하는 값이 아닙니다. 다른 곳에 쓰는 토큰입니다.',
      next: '로그인해서 이 서버의 토큰을 받으세요.',
    },
    schema_invalid: { what: '클레임의 형식이 이 API가 기대하는 것과 다릅니다.', next: '다시 로그인하세요.' },
    replayed: {
      what: '이미 쓰인 토큰이 다시 쓰였습니다. 도둑일 수 있어 세션을 끝냈습니다.',
      next: '다시 로그인하세요.',
    },
    revoked: { what: '우리가 서명했고 만료되지도 않았지만, 세션이 끝났습니다.', next: '다시 로그인하세요.' },
    option_invalid: { what: '페이지가 뜻이 통하지 않는 요청을 했습니다.', next: '페이지를 새로 고치세요.' },
    token_missing: {
      what: '요청에 토큰이 없어서 API는 누가 요청하는지 모릅니다.',
      next: '액세스 토큰을 붙이세요.',
    },
    request_invalid: {
      what: '요청에 토큰을 담은 방식이 올바르지 않습니다.',
      next: 'Authorization 헤더에 토큰 하나만 보내세요.',
    },
    insufficient_scope: {
      what: '토큰은 유효하지만 이 일은 허용하지 않습니다.',
      next: '필요한 범위를 요청하세요.',
    },
    credentials_invalid: {
      what: '사용자 이름이나 비밀번호가 틀렸습니다.',
      next: '둘 다 확인하세요. 계정이 없다면 먼저 가입하세요.',
    },
    username_taken: {
      what: '이미 쓰이고 있는 사용자 이름입니다.',
      next: '다른 이름을 고르거나, 내 계정이라면 로그인하세요.',
    },
    password_rejected: {
      what: '쓸 수 없는 비밀번호입니다.',
      next: '아무도 쓰지 않을 15자 이상의 비밀번호를 정하세요.',
    },
    origin_rejected: {
      what: '서버에 등록되지 않은 페이지입니다.',
      next: '페이지의 정확한 출처(origin)를 TESSERA_ORIGINS에 추가하세요.',
    },
    signup_closed: {
      what: '이 서버는 직접 가입을 받지 않습니다.',
      next: '서버 운영자에게 계정을 요청하세요.',
    },
    body_invalid: {
      what: '보낸 내용을 서버가 이해하지 못했습니다.',
      next: '사용자 이름과 비밀번호를 확인하세요.',
    },
    media_type_unsupported: { what: '서버가 받지 않는 형식입니다.', next: '페이지를 새로 고치세요.' },
    not_found: {
      what: '이 주소에는 아무것도 없습니다.',
      next: '이 페이지를 Tessera 서버에서 열었는지 확인하세요.',
    },
    method_not_allowed: {
      what: '이 주소는 이런 요청을 받지 않습니다.',
      next: '이 페이지를 Tessera 서버에서 열었는지 확인하세요.',
    },
    throttled: { what: '짧은 시간에 너무 여러 번 시도했습니다.', next: '잠시 기다렸다가 다시 시도하세요.' },
    overloaded: { what: '지금은 서버가 너무 바쁩니다.', next: '잠시 뒤 다시 시도하세요.' },
    unavailable: {
      what: '서버에서 쓸 수 있는 응답이 오지 않았습니다.',
      next: '서버가 켜져 있는지 확인하고 다시 시도하세요.',
    },
  },
  times: {
    duration({ days, hours, minutes, seconds }) {
      if (days > 0) return `${days}일 ${hours}시간`
      if (hours > 0) return `${hours}시간 ${minutes}분`
      if (minutes > 0) return `${minutes}분 ${seconds}초`
      return `${seconds}초`
    },
    ahead: (duration) => `${duration} 뒤`,
    ago: (duration) => `${duration} 전`,
    now: '지금',
  },
}
