/** A line on a terminal that shows that something is going on. */
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const DELAY_MS = 300;
const FRAME_MS = 80;
const ERASE_REST = '\u001b[K';
/** The exit code of what was interrupted. */
const INTERRUPTED = 130;

/** The part of this process that is interrupted. */
export interface Interruptible {
  on(signal: 'SIGINT', listener: () => void): unknown;
  off(signal: 'SIGINT', listener: () => void): unknown;
  exit(code: number): void;
}

export class Spinner {
  private timer: NodeJS.Timeout | undefined;
  private visible = false;
  private line = '';
  /** Ctrl-C takes the line away too. Where none is shown the system ends the process, however busy that is. */
  private readonly interrupted = (): void => {
    this.stop();
    this.process.exit(INTERRUPTED);
  };

  /** Without `enabled` nothing is ever written. */
  constructor(
    private readonly write: (text: string) => void,
    private readonly enabled: boolean,
    private readonly process: Interruptible,
  ) {}

  /** Shows the text, cut to fit one line of `width` columns, once the delay has passed. */
  start(text: string, width: number): void {
    if (!this.enabled) return;
    this.stop();
    this.say(text, width);
    let frame = 0;
    const draw = () => {
      if (!this.visible) this.process.on('SIGINT', this.interrupted);
      this.visible = true;
      this.write(`\r${FRAMES[frame++ % FRAMES.length]} ${this.line}${ERASE_REST}`);
    };
    this.timer = setTimeout(() => {
      draw();
      this.timer = setInterval(draw, FRAME_MS);
      this.timer.unref();
    }, DELAY_MS);
    this.timer.unref();
  }

  /** Changes the text. */
  say(text: string, width: number): void {
    this.line = text.slice(0, Math.max(0, width - 3));
  }

  /** Takes the line away; it comes back with the next frame while work goes on. */
  clear(): void {
    if (!this.visible) return;
    this.visible = false;
    this.process.off('SIGINT', this.interrupted);
    this.write(`\r${ERASE_REST}`);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.clear();
  }
}
