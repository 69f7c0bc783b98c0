import { CreateTokenCommand } from '../../lib/cli/connect-tokens/create.js';

export default class ConnectTokensCreate extends CreateTokenCommand {}
