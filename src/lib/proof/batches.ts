/** Most items that are handed on at once: what is done for a batch costs less than the same for each. */
export const BATCH = 1000;
