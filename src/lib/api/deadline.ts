/** How long a stream may be silent. */

/** A deadline that begins anew with every sign of life. */
export class Deadline {
  over = false;
  private ended = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly ms: number,
    private readonly expired: () => void,
  ) {}

  begin(): void {
    if (this.ended) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.over = true;
      this.expired();
    }, this.ms);
  }

  /** What is waited for now is not the daemon. */
  pause(): void {
    clearTimeout(this.timer);
  }

  end(): void {
    this.ended = true;
    clearTimeout(this.timer);
  }
}
