import { getCommand } from '../../lib/cli/verbs/get.js';
import { credentials } from '../../lib/kinds/credentials.js';

export default class CredentialsGet extends getCommand(credentials) {}
