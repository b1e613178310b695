/** Bytes as base64, wherever there is no `Buffer`. */

/** How many bytes become characters at a time: as arguments, which the stack has to hold. */
const atATime = 8192;

export function encodeBase64(bytes: Uint8Array): string {
  let characters = '';
  for (let at = 0; at < bytes.length; at += atATime) {
    characters += String.fromCharCode(...bytes.subarray(at, at + atATime));
  }
  return btoa(characters);
}

export function decodeBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
