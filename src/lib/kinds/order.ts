/**
 * The declared order of a kind, kept as sort keys: placing a resource gives it a key between its neighbours'
 * and changes no other resource. Keys compare as plain text.
 */
import { generateKeyBetween } from 'fractional-indexing';

/** Sorts behind every other key: the place of the resource that `Kind.order.last` names. */
export const LAST = '~';

interface Place {
  readonly ref: string;
  readonly position: string;
}

/** The order of one kind while a write is planned: mutable, and never shared. */
export class Order {
  /** Ascending by position; the one at `LAST` is not among them. */
  private readonly places: Place[];
  private readonly positions: Map<string, string>;

  constructor(places: Iterable<Place>) {
    this.places = [...places].filter(({ position }) => position !== LAST);
    this.places.sort((a, b) => (a.position < b.position ? -1 : 1));
    this.positions = new Map(this.places.map(({ ref, position }) => [ref, position]));
  }

  has(ref: string): boolean {
    return this.positions.has(ref);
  }

  /** Takes a resource out, if it is there. */
  remove(ref: string): void {
    const position = this.positions.get(ref);
    if (position === undefined) return;
    this.places.splice(this.indexOf(position), 1);
    this.positions.delete(ref);
  }

  /** Places a resource behind all others, and returns its key. */
  append(ref: string): string {
    return this.insert(ref, this.places.length);
  }

  /** Places a resource right before (0) or after (1) another that is there. It keeps its key if it stands there already. */
  beside(ref: string, target: string, offset: 0 | 1): string {
    const at = this.indexOf(this.positions.get(target)!);
    if (this.places[at + (offset === 0 ? -1 : 1)]?.ref === ref) return this.positions.get(ref)!;
    this.remove(ref);
    return this.insert(ref, this.indexOf(this.positions.get(target)!) + offset);
  }

  private insert(ref: string, at: number): string {
    const low = this.places[at - 1]?.position ?? null;
    const position = generateKeyBetween(low, this.places[at]?.position ?? null);
    this.places.splice(at, 0, { ref, position });
    this.positions.set(ref, position);
    return position;
  }

  private indexOf(position: string): number {
    let low = 0;
    let high = this.places.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.places[middle]!.position < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
