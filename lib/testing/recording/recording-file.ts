/** Recordings in files. Only Node has files: elsewhere a recording is a value. */
import { ConfigurationError, messageOf } from '../../errors.js';
import { checkRecording, type Recording } from './recording.js';

/** @throws ConfigurationError where it can't be read, or holds something else. */
export function readRecording(file: string): Recording {
  let recording: unknown;
  try {
    recording = JSON.parse(files().readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConfigurationError({ path: 'from', expected: 'a file with a recording', received: messageOf(error) });
  }
  checkRecording(recording, 'from');
  return recording;
}

/**
 * The file is there whole or not at all: whoever reads it at the same time reads what was there before.
 *
 * @throws ConfigurationError where it can't be written.
 */
export function writeRecording(file: string, recording: Recording): void {
  const { mkdirSync, renameSync, rmSync, writeFileSync } = files();
  const unfinished = `${file}.${process.pid}.unfinished`;
  try {
    mkdirSync(file.replace(/[^/\\]*$/, '') || '.', { recursive: true });
    writeFileSync(unfinished, `${JSON.stringify(recording, null, 2)}\n`);
    renameSync(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw new ConfigurationError({ path: 'to', expected: 'a file that can be written', received: messageOf(error) });
  }
}

/** Not an import: a bundler for browsers would stumble over it. */
const files = () => process.getBuiltinModule('node:fs');
