// The session, as a program of its own. Written to stdout as JSON: what it saw.
import process from 'node:process';
import { session } from './session.mjs';

console.log(JSON.stringify(await session(JSON.parse(process.argv[2]))));
