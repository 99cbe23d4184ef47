/** How much of an answer is read. */

/** Bytes of a body. */
export const maxBodyBytes = 1_048_576
/** Bytes of all header names and values together. */
export const maxHeaderBytes = 16_384
/** Interim answers (1xx) before the answer itself. */
export const maxInterimAnswers = 16
/** Chunks of a body. A flood of tiny ones costs far more work than its bytes say. */
export const maxBodyPieces = 32_768
/** Bytes off the wire until the headers are there, interim answers included: a reason phrase has no other limit. */
export const maxWireBytesBeforeBody = 524_288
/** Bytes off the wire in all: chunk extensions and trailers have no other limit. */
export const maxWireBytes = 2 * maxBodyBytes
/** Bytes of a body that are kept when the exchange fails: enough to see what it was. */
export const keptOfFailedBody = 65_536
