import { updateCommand } from '../../lib/cli/verbs/update.js';
import { credentials } from '../../lib/kinds/credentials.js';

export default class CredentialsUpdate extends updateCommand(credentials) {}
