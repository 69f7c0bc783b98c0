/** The method of the echo server: bytes in, the same bytes out. */
const same = (bytes) => bytes;

export const echo = {
  path: '/bench.Echo/Echo',
  requestStream: false,
  responseStream: false,
  requestSerialize: same,
  requestDeserialize: same,
  responseSerialize: same,
  responseDeserialize: same,
};
