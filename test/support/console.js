import { Console } from 'node:console';
// jest prefixes what goes through console with file and line; commands print through it and are compared exactly.
globalThis.console = new Console({ stdout: process.stdout, stderr: process.stderr });
