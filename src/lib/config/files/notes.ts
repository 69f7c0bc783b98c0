/** Remarks that are no problems: the same one about many things is one line. */
const SHOWN = 5;

export class Notes {
  private readonly about = new Map<string, string[]>();

  /**
   * @param remark what is to be known, as `not written, since Routr has no such kind`
   * @param subject what it is about; none when the remark says all
   */
  add(remark: string, subject?: string): void {
    const subjects = this.about.get(remark) ?? [];
    if (subject !== undefined) subjects.push(subject);
    this.about.set(remark, subjects);
  }

  /** One line each, in the order in which they came up: `kept in extended: policies.concierge.max_turns`. */
  list(): string[] {
    return [...this.about].map(([remark, subjects]) => {
      if (subjects.length === 0) return remark;
      const rest = subjects.length - SHOWN;
      return `${remark}: ${subjects.slice(0, SHOWN).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
    });
  }
}
