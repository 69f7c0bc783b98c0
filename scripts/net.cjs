/**
 * node:net for the bundles. In Node 20, telling an IPv6 address takes the compilation of a huge regular expression, a
 * tenth of a command's time; grpc-js asks about every address, and most hold no colon.
 */
const net = require('node:net');

module.exports = Object.create(net, {
  isIPv6: { value: (text) => text.includes(':') && net.isIPv6(text) },
});
