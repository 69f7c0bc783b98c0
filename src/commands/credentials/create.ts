import { createCommand } from '../../lib/cli/verbs/create.js';
import { credentials } from '../../lib/kinds/credentials.js';

export default class CredentialsCreate extends createCommand(credentials) {}
