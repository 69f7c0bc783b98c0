/** The median of numbers, the upper one where there are two. */
export const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
