import { serveCommand } from '../lib/cli/serve.js';

export default class Serve extends serveCommand(() => import('../lib/daemon/serve.js')) {}
