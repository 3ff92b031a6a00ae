// Verify a licence file without a network: paste this into your product; Node's crypto is enough.
//
//   const { code, claims, warnings } = check(text, 'your-product', { builtAt: new Date('2026-11-01T00:00:00Z') })
//   if (code !== 'VALID') say why; docs/licences.md explains each code, and `warnings` stop nothing.
//
// `builtAt` is when the running version came out. `list` is the text of the revocation list, if you
// have it; keep its highest `n` and give it as `highest`, so that nobody shows you an older one.
//
// In a browser `crypto.subtle.verify('Ed25519', …)` does the same (Chrome 137, Firefox 129,
// Safari 17 and newer), but whoever owns the page can take the check out: verify on a server.

import { createHash, createPublicKey, verify } from 'node:crypto'

const KEYS = {}

const LICENCE = ['POTLUCK LICENCE', 'potluck-licence-v1']
const LIST = ['POTLUCK REVOCATION LIST', 'potluck-revocation-v1']
const DAY = 86_400_000
const SECOND = 1_000

class Refused extends Error {}

export function opened(text, [label, implicit]) {
  const pem = new RegExp(`^\\s*-----BEGIN ${label}-----\\r?\\n([\\w.\\s-]+?)\\n-----END ${label}-----\\s*$`)
  const parts = (pem.exec(text)?.[1] ?? '').replace(/\s/g, '').split('.')
  if (parts.length !== 4 || parts[0] !== 'v4' || parts[1] !== 'public') throw new Refused('FORMAT')
  const body = bytes(parts[2])
  const footer = bytes(parts[3])
  let kid
  if (body.length <= 64) throw new Refused('FORMAT')
  try {
    kid = JSON.parse(footer).kid
  } catch {
    throw new Refused('FORMAT')
  }
  if (typeof kid !== 'string' || !Object.hasOwn(KEYS, kid)) throw new Refused('UNKNOWN_KEY')
  const message = body.subarray(0, -64)
  const pieces = [Buffer.from('v4.public.'), message, footer, Buffer.from(implicit)]
  const signed = Buffer.concat([le64(pieces.length), ...pieces.flatMap((one) => [le64(one.length), one])])
  const x = KEYS[kid].replace('k4.public.', '')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  if (!verify(null, signed, key, body.subarray(-64))) throw new Refused('SIGNATURE')
  return JSON.parse(message)
}

export function check(text, product, { builtAt = null, list = null, highest = 0, now = new Date() } = {}) {
  const warnings = []
  let claims
  try {
    claims = opened(text, LICENCE)
  } catch (error) {
    if (error instanceof Refused) return { code: error.message, claims: null, warnings }
    throw error
  }
  const revoked = revokedIn(list, highest, now, warnings)
  const isOver = (last, instant) => last !== null && instant.getTime() >= Date.parse(last) + SECOND
  let code = 'VALID'
  if (claims.product !== product) code = 'PRODUCT'
  else if (Date.parse(claims.iat) > now.getTime() + DAY) code = 'CLOCK'
  else if (revoked.has(createHash('sha256').update(claims.id).digest('hex'))) code = 'REVOKED'
  else if (isOver(claims.exp, now)) code = 'EXPIRED'
  else if (isOver(claims.file_until, now)) code = 'FILE_EXPIRED'
  else if (builtAt !== null && isOver(claims.updates_until, builtAt)) code = 'VERSION_TOO_NEW'
  return { code, claims, warnings }
}

function revokedIn(list, highest, now, warnings) {
  if (list === null) {
    warnings.push('LIST_MISSING')
    return new Set()
  }
  let said
  try {
    said = opened(list, LIST)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    warnings.push('LIST_UNREADABLE')
    return new Set()
  }
  if (said.n < highest) {
    warnings.push('LIST_OLDER')
    return new Set()
  }
  if (now.getTime() >= Date.parse(said.next_update) + SECOND) warnings.push('LIST_STALE')
  return new Set(said.ids)
}

function le64(count) {
  const eight = Buffer.alloc(8)
  eight.writeBigUInt64LE(BigInt(count))
  return eight
}

function bytes(words) {
  const content = Buffer.from(words, 'base64url')
  if (content.toString('base64url') !== words) throw new Refused('FORMAT')
  return content
}
