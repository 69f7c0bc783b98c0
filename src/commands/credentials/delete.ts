import { deleteCommand } from '../../lib/cli/verbs/delete.js';
import { credentials } from '../../lib/kinds/credentials.js';

export default class CredentialsDelete extends deleteCommand(credentials) {}
