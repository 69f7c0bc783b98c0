/** From a captured frame to the IP packet in it: the link layers that captures of SIP have. */
import { u16, u32, u32le } from './bytes.js';

/** The IP packet in a frame; `other` where it carries something else; null for a link layer that is not known. */
export type LinkPayload = Uint8Array | 'other' | null;

const IPV4 = 0x0800;
const IPV6 = 0x86dd;
/** IEEE 802.1Q, 802.1ad, and what came before it. */
const VLAN: readonly number[] = [0x8100, 0x88a8, 0x9100];
const PPPOE_SESSION = 0x8864;

/** By LINKTYPE_ value. Those of BSD differ between systems for raw IP: 12 and 14. */
const LINKS: Readonly<Record<number, (frame: Uint8Array) => LinkPayload>> = {
  0: loopback,
  1: (frame) => etherType(frame, 12),
  12: (frame) => frame,
  14: (frame) => frame,
  101: (frame) => frame,
  108: loopback,
  // Linux cooked, version 1: the protocol after type, length and address; version 2: the protocol first.
  113: (frame) => etherType(frame, 14),
  228: (frame) => frame,
  229: (frame) => frame,
  276: (frame) => (frame.length < 20 ? 'other' : ofType(frame, u16(frame, 0), 20)),
};

export const ipOf = (link: number, frame: Uint8Array): LinkPayload => LINKS[link]?.(frame) ?? null;

/** A frame whose EtherType stands at this place, with what it describes right behind it. */
const etherType = (frame: Uint8Array, at: number): LinkPayload =>
  frame.length < at + 2 ? 'other' : ofType(frame, u16(frame, at), at + 2);

function ofType(frame: Uint8Array, type: number, at: number): LinkPayload {
  if (type === IPV4 || type === IPV6) return frame.subarray(at);
  // A tag of two bytes, then the type of what it is a tag of; there may be several.
  if (VLAN.includes(type)) return etherType(frame, at + 2);
  // Version, code, session and length, then the protocol of PPP.
  if (type === PPPOE_SESSION && frame.length >= at + 8) {
    const protocol = u16(frame, at + 6);
    return protocol === 0x0021 || protocol === 0x0057 ? frame.subarray(at + 8) : 'other';
  }
  return 'other';
}

/** BSD loopback: a number of four bytes in the order of some machine says what follows. */
function loopback(frame: Uint8Array): LinkPayload {
  if (frame.length < 4) return 'other';
  const family = Math.min(u32(frame, 0), u32le(frame, 0));
  return family === 2 || [10, 24, 28, 30].includes(family) ? frame.subarray(4) : 'other';
}
