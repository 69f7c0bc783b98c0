import { deleteCommand } from '../../lib/cli/verbs/delete.js';
import { acl } from '../../lib/kinds/acl.js';

export default class AclsDelete extends deleteCommand(acl) {}
