/** Said under a response body that was cut. Keep in step with `storedBodyBytes` of the API. */
export const storedBodyText = 'The body was longer. Only its first 64 KiB are kept and shown.'
