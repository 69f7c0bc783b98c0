import { createCommand } from '../../lib/cli/verbs/create.js';
import { acl } from '../../lib/kinds/acl.js';

export default class AclsCreate extends createCommand(acl) {}
