/** A certificate for this machine alone, made afresh for each run, so that the benchmark needs no tool and no key lies about. */
import { generateKeyPairSync, sign } from 'node:crypto';

/** A self-signed certificate for 127.0.0.1, valid for a week: `{ key, cert }` in PEM. */
export function makeCertificate(now = Date.now()) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(set(sequence(oid(0x55, 0x04, 0x03), tagged(0x0c, Buffer.from('rx-alicloud bench')))));
  const day = 86_400_000;
  const facts = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    name,
    sequence(utcTime(now - day), utcTime(now + 7 * day)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(extension(oid(0x55, 0x1d, 0x13), isAuthority), extension(oid(0x55, 0x1d, 0x11), addresses))),
  );
  const signature = tagged(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', facts, privateKey)]));
  const der = sequence(facts, ecdsaWithSha256, signature);
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    cert: `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
  };
}

const ecdsaWithSha256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
const isAuthority = sequence(tagged(0x01, Buffer.from([0xff])));
const addresses = sequence(tagged(0x87, Buffer.from([127, 0, 0, 1])), tagged(0x82, Buffer.from('localhost')));

function extension(id, value) {
  return sequence(id, tagged(0x04, value));
}

/** `YYMMDDhhmmssZ`. */
function utcTime(time) {
  const digits = new Date(time).toISOString().replace(/\D/g, '').slice(2, 14);
  return tagged(0x17, Buffer.from(`${digits}Z`));
}

function oid(...bytes) {
  return tagged(0x06, Buffer.from(bytes));
}

function sequence(...parts) {
  return tagged(0x30, Buffer.concat(parts));
}

function set(...parts) {
  return tagged(0x31, Buffer.concat(parts));
}

/** DER: a tag, the length, the content. */
function tagged(tag, content) {
  const { length } = content;
  const lengths = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...lengths]), content]);
}
