/** A packet of a capture, and what a file of packets is. */
export interface Packet {
  /** Counted from 1, as tshark does. */
  readonly number: number;
  /** Milliseconds since the epoch; undefined where the capture does not say. */
  readonly at: number | undefined;
  /** LINKTYPE_ value (https://www.tcpdump.org/linktypes.html). */
  readonly link: number;
  /** What was captured of it. */
  readonly bytes: Uint8Array;
}

/** What is wrong with a file of packets; what follows cannot be read. */
export interface CaptureFault {
  readonly fault: string;
}

/** Reads packets from the bytes of a file. After a fault it gives nothing more. */
export interface PacketFile {
  push(bytes: Uint8Array): (Packet | CaptureFault)[];
  /** Says when the file ends within a packet. */
  end(): CaptureFault[];
}

/** The most that a packet may claim to have: what libpcap allows. */
export const LONGEST_PACKET = 262_144;
