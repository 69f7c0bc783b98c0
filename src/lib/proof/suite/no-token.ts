/** What a search gives for a connect token that is none: it is no secret, and may be shown. */
export const NO_TOKEN = 'no-token';
