/**
 * Passwords that are tried first (NIST SP 800-63B-4 §3.1.1.2): fifty thousand of them, offline. Most are shorter than the
 * rule asks for, and come back filled up to the length, repeated or joined: so do these patterns.
 */
import { readFileSync } from 'node:fs'
import { brotliDecompressSync } from 'node:zlib'
import type { WordList } from './word-list.ts'
import { createWordList } from './word-list.ts'

/** Words, names and key rows from which common long passwords are put together, most by repeating or joining. */
const words = new Set(
  `password passwort passw0rd motdepasse contrasena wachtwoord parola haslo senha salasana losenord jelszo heslo
   qwerty qwertz azerty qwertyuiop asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx qazwsxedc wsxedc 1q2w3e 1q2w3e4r 1q2w3e4r5t
   1q2w3e4r5t6y 1qaz2wsx 1qaz 2wsx 3edc 4rfv qwer asdf zxcv uiop hjkl 1qaz2wsx3edc q1w2e3 q1w2e3r4 q1w2e3r4t5 abcd
   admin administrator root superuser user username guest test tester testing demo sample example default changeme
   change secret topsecret letmein welcome login logon signin access enter open opensesame master system manager
   service server database oracle mysql postgres windows linux ubuntu debian microsoft google facebook amazon apple
   android iphone samsung internet computer laptop network security private public company office business tessera
   love iloveyou ilove loveyou you me my mylove baby babygirl sweet sweety honey darling princess prince angel
   angels sunshine moonlight starlight rainbow flower butterfly summer winter spring autumn monday friday sunday
   january february march april june july august september october november december football baseball basketball
   soccer hockey liverpool chelsea arsenal barcelona realmadrid juventus manchester united steelers cowboys yankees
   monkey dragon tiger lion eagle falcon wolf shadow phoenix unicorn dolphin panda kitty kitten puppy horse
   superman batman spiderman ironman starwars pokemon pikachu naruto minecraft fortnite zelda mario hello helloworld
   world hellothere goodbye thank thankyou please trustno1 trust noone whatever nothing something everything
   forever together family friends mother father brother sister michael jennifer jessica ashley jordan thomas daniel
   charlie robert matthew andrew joshua anthony william george jesus christ jesuschrist lord god godisgood bless
   blessed freedom america england germany france italia korea london paris newyork california money lucky
   happy birthday christmas newyear computer1 abc abcabc aaa xxx pass word key keyboard this is the a an your i
   password1 password12 password123 admin123 welcome1 qwerty123 test123 letmein1 not strong long very super safe
   thisismypassword mypassword mypass newpassword oldpassword temporarypassword
   nopassword yourpassword thepassword thisisapassword iamthebest fuckyou fuck off bitch sexy hottie`
    .split(/\s+/)
    .filter((word) => word !== ''),
)

/** Runs along the alphabet, the digits and the rows of keyboards, forwards and backwards. */
const runs = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertzuiop',
  'azertyuiop',
  '!@#$%^&*()',
]

const leet: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}

/** What data/README.md describes; read when the first password is judged. */
const listFile = new URL('../../data/common-passwords.br', import.meta.url)

/** Shorter ones are parts of every other word. */
const shortestPart = 4

let list: WordList | undefined

function isListed(text: string): boolean {
  list ??= createWordList(brotliDecompressSync(readFileSync(listFile)))
  return list.has(text)
}

function isWord(text: string): boolean {
  return words.has(text) || (text.length >= shortestPart && isListed(text))
}

/** Whether a password (of the length that the rule asks for) is one of those that are tried first. */
export function isCommonPassword(password: string): boolean {
  const text = password.normalize('NFKC').toLowerCase()
  const plain = text.replace(/[013457@$!]/g, (mark) => leet[mark] ?? mark)
  return [text, plain].some(
    (form) => isListed(form) || isRepeated(form) || isRun(form) || isJoinedWords(form),
  )
}

/** A short piece over and over: `aaaaaaaaaaaaaaa`, `abc123abc123abc123`. */
function isRepeated(text: string): boolean {
  for (let size = 1; size <= Math.min(8, text.length / 2); size++) {
    const piece = text.slice(0, size)
    if (piece.repeat(Math.ceil(text.length / size)).startsWith(text)) return true
  }
  return false
}

/** Nothing but steps along a row of the keyboard or the alphabet: `123456789012345`, `qwertyuiopasdfgh`. */
function isRun(text: string): boolean {
  let steps = 0
  for (let index = 1; index < text.length; index++) {
    const pair = text.slice(index - 1, index + 1)
    const reversed = `${pair[1] ?? ''}${pair[0] ?? ''}`
    if (runs.some((run) => run.includes(pair) || run.includes(reversed)) || pair[0] === pair[1]) steps += 1
  }
  return steps >= (text.length - 1) * 0.75
}

/**
 * Nothing but one word of the list, or two of them filled up to the length with digits and marks. More words are the
 * beginning of a passphrase.
 */
function isJoinedWords(text: string): boolean {
  const letters = text.replace(/[^\p{L}]/gu, '')
  if (isWord(letters) || isWord(text.replace(/\s/g, ''))) return true
  const pieces = text.split(/[^\p{L}]+/u).filter((piece) => piece !== '')
  const parts = pieces.map((piece) => splitWords(piece))
  if (parts.length === 0 || parts.some((part) => part === undefined)) return false
  const different = new Set(parts.flatMap((part) => part ?? [])).size
  return different === 1 || (different === 2 && letters.length < 15)
}

/** The fewest different words of the list that a piece is joined of, or undefined. */
function splitWords(piece: string): readonly string[] | undefined {
  const best: (readonly string[] | undefined)[] = [[]]
  for (let end = 1; end <= piece.length; end++) {
    for (let start = Math.max(0, end - 26); start < end; start++) {
      const before = best[start]
      const word = piece.slice(start, end)
      if (before === undefined || !isWord(word)) continue
      const joined = before.includes(word) ? before : [...before, word]
      if (best[end] === undefined || joined.length < (best[end]?.length ?? 0)) best[end] = joined
    }
  }
  return best[piece.length]
}
