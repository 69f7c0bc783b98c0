/** Rules are the same in many domains, and are asked about again and again. */
const MOST = 4096;

/** A function of rules that remembers what it gave for them. */
export function remembered<T>(make: (rule: string) => T): (rule: string) => T {
  const known = new Map<string, T>();
  return (rule) => {
    let found = known.get(rule);
    if (found === undefined) {
      if (known.size >= MOST) known.clear();
      known.set(rule, (found = make(rule)));
    }
    return found;
  };
}
