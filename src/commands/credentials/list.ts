import { listCommand } from '../../lib/cli/verbs/list.js';
import { credentials } from '../../lib/kinds/credentials.js';

export default class CredentialsList extends listCommand(credentials) {}
