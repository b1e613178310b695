/** A large answer, from its text on: `npm run bench:micro -- decoding`. */
import { decoderOf } from '../../lib/codec/decode.ts';
import { describeInstances, describeRegions } from '../../lib/services/ecs.ts';
import { large, small } from '../http/answers.mjs';
import { compare } from './compare.mjs';

for (const [operation, body, times] of [
  [describeInstances, large, 60],
  [describeRegions, small, 4000],
]) {
  const decode = decoderOf(operation);
  const response = { status: 200, headers: {}, body };
  console.log(`${body.length} characters`);
  compare(
    {
      'JSON.parse': () => JSON.parse(body).RequestId,
      'parsed and decoded': () => decode(response).RequestId,
      'JSON.parse behind a scan for sixteen digits': () => (/\d{16}/.test(body) ? '' : JSON.parse(body).RequestId),
    },
    times,
  );
}
