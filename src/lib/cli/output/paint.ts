/** Colours by meaning; chalk is loaded only for a stream that wants colour. */
export interface Painter {
  strong(text: string): string;
  faint(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  caution(text: string): string;
}

const same = (text: string): string => text;

/** Leaves texts as they are. */
export const plain: Painter = { strong: same, faint: same, good: same, bad: same, caution: same };

/** The painter for a stream. */
export async function painterFor(stream: { readonly color: boolean }): Promise<Painter> {
  if (!stream.color) return plain;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  return {
    strong: (text) => chalk.bold(text),
    faint: (text) => chalk.dim(text),
    good: (text) => chalk.green(text),
    bad: (text) => chalk.red(text),
    caution: (text) => chalk.yellow(text),
  };
}
