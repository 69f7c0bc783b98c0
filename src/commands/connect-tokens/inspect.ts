import { InspectTokenCommand } from '../../lib/cli/connect-tokens/inspect.js';

export default class ConnectTokensInspect extends InspectTokenCommand {}
