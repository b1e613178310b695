/** Whether the server has refused a signature, by the error's code. */
export function isSignatureRefusal(code: string): boolean {
  return /^(?:SignatureDoesNotMatch|InvalidSignature|IncompleteSignature)(?:\.|$)/.test(code);
}
